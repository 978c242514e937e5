import Datasets
import Hypergradients

extension Preset {
  /// The default: images that the program renders itself.
  public static let glyphs = Preset(
    name: "glyphs",
    title: "LeNet's optimizer on ten classes of glyphs drawn by the program; needs no data.",
    description: """
      A short run for any machine: learning rate, momentum and weight decay are tuned while LeNet
      trains for 1000 steps. The images and the length of the run are not from the paper.
      """,
    configuration: tuned(Configuration()))

  /// The paper's first task on MNIST.
  public static let lenetMNIST = lenet(.mnist, name: "lenet-mnist", images: "MNIST's digits")

  /// The paper's first task on Fashion-MNIST.
  public static let lenetFashionMNIST = lenet(
    .fashionMNIST, name: "lenet-fashion-mnist", images: "Fashion-MNIST's articles of clothing")

  /// The paper's first task on KMNIST.
  public static let lenetKMNIST = lenet(
    .kmnist, name: "lenet-kmnist", images: "KMNIST's cursive characters")

  private static func lenet(
    _ set: DatasetName, name: String, images: String
  ) -> Preset {
    var configuration = tuned(Configuration())
    configuration.data.set = set
    configuration.data.validation = 6000
    configuration.inner.steps = 2000
    return Preset(
      name: name, title: "LeNet's optimizer on \(images), read from --data.",
      description: """
        The paper's task with a shorter training: the paper's own length is
        --set inner.steps=20000. A tenth of the training images is held out, as in the paper.
        """,
      configuration: configuration)
  }

  /// The paper's three hyperparameters, each through a sigmoid; where they start is ours.
  private static func tuned(_ configuration: Configuration) -> Configuration {
    var configuration = configuration
    configuration.hyperparameters.learningRate = ConfiguredHyperparameter(
      .value(0.01), .sigmoid, tuned: true)
    configuration.hyperparameters.momentum = ConfiguredHyperparameter(
      .value(0.9), .sigmoid, tuned: true)
    configuration.hyperparameters.weightDecay = ConfiguredHyperparameter(
      .value(0.0005), .sigmoid, tuned: true)
    return configuration
  }
}
