import Datasets
import Hypergradients
import Learning
import Networks

extension Preset {
  /// The default: images that the program renders itself.
  package static let glyphs = Preset(
    name: "glyphs",
    title: "LeNet's optimizer on ten classes of glyphs drawn by the program; needs no data.",
    description: """
      A short run for any machine: learning rate, momentum and weight decay are tuned while LeNet
      trains for 1000 steps. The images and the length of the run are not from the paper.
      """,
    configuration: tuned(Configuration()))

  /// What the quickstart runs: a gain that is seen within a minute, on images that need no download.
  ///
  /// A long tail of glyphs shows none: its rarest classes have few images, but they all look alike.
  package static let glyphsWrongLabels: Preset = {
    var configuration = weighted(.spline)
    configuration.data.labelNoise = LabelNoise(.symmetric, share: 0.4)
    configuration.data.validation = 320
    configuration.inner.steps = 600
    return Preset(
      name: "glyphs-wrong-labels",
      title: "Weights by loss on glyphs with 40 % wrong labels; needs no data.",
      description: """
        An example's weight is a piecewise linear function of its loss, whose ten numbers are tuned while
        LeNet trains for 600 steps on images that the program draws itself: wrong labels have large
        losses. 40 % of the training labels are replaced at random; 320 clean, balanced images are held
        out. Not from the paper.
        """,
      configuration: configuration)
  }()

  /// A perceptron, without any download.
  package static let perceptronGlyphs = glyphs(
    .perceptron(widths: [256, 256], normalizes: false), name: "mlp-glyphs",
    title: "A perceptron with two hidden layers of 256 on glyphs; needs no data."
  ) { _ in }

  /// A recurrent network, without any download.
  package static let recurrentGlyphs = glyphs(
    .recurrent(sizes: [64]), name: "gru-glyphs",
    title: "A gated recurrent unit of 64 on glyphs, row by row; needs no data."
  ) {
    $0.inner.optimizer = .adamW
    $0.inner.clip = 1
  }

  /// A transformer, without any download.
  package static let transformerGlyphs = glyphs(
    .transformer(layers: 2, width: 64, heads: 4), name: "transformer-glyphs",
    title: "A small transformer on glyphs, row by row; needs no data."
  ) { $0.inner.optimizer = .adamW }

  private static func glyphs(
    _ network: NetworkName, name: String, title: String,
    _ change: (inout Configuration) -> Void
  ) -> Preset {
    var configuration = tuned(Configuration())
    configuration.network = .named(network)
    configuration.inner.steps = 600
    change(&configuration)
    if configuration.inner.optimizer == .adamW {
      // Adam has no momentum of SGD's kind.
      configuration.hyperparameters.momentum = Configuration().hyperparameters.momentum
      configuration.hyperparameters.learningRate.start = .value(0.001)
      configuration.hyperparameters.weightDecay.start = .value(0.01)
    }
    return Preset(
      name: name, title: title,
      description: """
        The learning rate and what else the optimizer has are tuned in a short run on images that the
        program draws itself. Not from the paper.
        """,
      configuration: configuration)
  }

  /// The paper's first task on MNIST.
  package static let lenetMNIST = lenet(.mnist, name: "lenet-mnist", images: "MNIST's digits")

  /// The paper's first task on Fashion-MNIST.
  package static let lenetFashionMNIST = lenet(
    .fashionMNIST, name: "lenet-fashion-mnist", images: "Fashion-MNIST's articles of clothing")

  /// The paper's first task on KMNIST.
  package static let lenetKMNIST = lenet(
    .kmnist, name: "lenet-kmnist", images: "KMNIST's cursive characters")

  private static func lenet(
    _ set: DatasetName, name: String, images: String
  ) -> Preset {
    var configuration = tuned(Configuration())
    configuration.data.set = DataSource(set)
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

  /// The paper's second task: learning rate and weight decay of a WideResNet 28-2 on CIFAR-10.
  package static let wideResNetCIFAR10 = wideResNet(
    28, 2, .cifar10, name: "wrn-28-2-cifar10", images: "CIFAR-10")

  /// The paper's second task on CIFAR-100.
  package static let wideResNetCIFAR100 = wideResNet(
    28, 2, .cifar100, name: "wrn-28-2-cifar100", images: "CIFAR-100")

  /// The paper's second task on SVHN's cropped digits.
  package static let wideResNetSVHN = wideResNet(
    28, 2, .svhn, name: "wrn-28-2-svhn", images: "SVHN's house numbers", validation: 7325)

  /// A small WideResNet, for a quick look.
  package static let smallWideResNetCIFAR10 = wideResNet(
    10, 1, .cifar10, name: "wrn-10-1-cifar10", images: "CIFAR-10")

  private static func wideResNet(
    _ depth: Int, _ width: Int, _ set: DatasetName, name: String, images: String,
    validation: Int = 5000
  ) -> Preset {
    var configuration = tuned(Configuration())
    configuration.network = .wideResNet(depth: depth, width: width)
    configuration.hyperparameters.momentum.tuned = false
    configuration.data.set = DataSource(set)
    configuration.data.validation = validation
    configuration.inner.steps = 2000
    configuration.parallel.sums = .allreduce
    return Preset(
      name: name,
      title: "The optimizer of a WideResNet \(depth)-\(width) on \(images), read from --data.",
      description: """
        Learning rate and weight decay are tuned, as in the paper, in a shorter training: the
        paper's own length is --set inner.steps=20000. A tenth of the training images is held out.
        """,
      configuration: configuration)
  }

  /// Weights of classes under a long tail: what the README's table shows.
  package static let reweightFashionMNISTLongTail = weights(
    .classes, name: "reweight-fashion-mnist-lt100",
    title: "Weights of classes on long-tailed Fashion-MNIST (imbalance 100), from --data.",
    description: """
      Ten numbers that no rule has to give: each class's weight is tuned while LeNet trains. The last
      class has a hundredth of the first one's images. 1000 balanced images are held out. Not from the
      paper; docs/results.md says what it brings.
      """
  ) { $0.data.imbalance = 100 }

  /// Weights by loss where labels are wrong.
  package static let reweightFashionMNISTWrongLabels = weights(
    .spline, name: "reweight-fashion-mnist-noise40",
    title: "Weights by loss on Fashion-MNIST with 40 % wrong labels, from --data.",
    description: """
      An example's weight is a piecewise linear function of its loss, whose ten numbers are tuned while
      LeNet trains: wrong labels have large losses. 40 % of the training labels are replaced at random; 1000
      clean, balanced images are held out. Not from the paper; docs/results.md says what it brings.
      """
  ) { $0.data.labelNoise = LabelNoise(.symmetric, share: 0.4) }

  /// Weights tuned with what was found best for an optimizer, and nothing of the optimizer.
  private static func weights(
    _ function: WeightFunction, name: String, title: String, description: String,
    _ change: (inout Configuration) -> Void
  ) -> Preset {
    var configuration = weighted(function)
    configuration.data.set = .fashionMNIST
    configuration.data.validation = 1000
    configuration.inner.steps = 2000
    change(&configuration)
    return Preset(name: name, title: title, description: description, configuration: configuration)
  }

  /// Weights tuned, and nothing of the optimizer, under a cosine from a rate that suits LeNet; validation
  /// images balanced.
  private static func weighted(_ function: WeightFunction) -> Configuration {
    var configuration = tuned(Configuration())
    configuration.task = .reweighting
    configuration.reweighting.function = function
    configuration.hyperparameters.learningRate.start = .value(0.05)
    configuration.hyperparameters.learningRate.tuned = false
    configuration.hyperparameters.momentum.tuned = false
    configuration.hyperparameters.weightDecay.tuned = false
    configuration.data.split = .balanced
    configuration.inner.schedule = .cosine
    return configuration
  }

  /// The paper's third task: an example's weight as a function of its loss, CIFAR-10, imbalance 50.
  package static let reweightCIFAR10LongTail50 = reweighting(
    .cifar10, imbalance: 50, name: "reweight-cifar10-lt50", images: "CIFAR-10")

  /// The paper's third task on CIFAR-10, imbalance 100.
  package static let reweightCIFAR10LongTail100 = reweighting(
    .cifar10, imbalance: 100, name: "reweight-cifar10-lt100", images: "CIFAR-10")

  /// The paper's third task on CIFAR-100, imbalance 50.
  package static let reweightCIFAR100LongTail50 = reweighting(
    .cifar100, imbalance: 50, name: "reweight-cifar100-lt50", images: "CIFAR-100")

  private static func reweighting(
    _ set: DatasetName, imbalance: Double, name: String, images: String
  ) -> Preset {
    var configuration = Configuration()
    configuration.task = .reweighting
    configuration.network = .wideResNet(depth: 16, width: 2)
    configuration.hyperparameters.learningRate.start = .value(0.01)
    configuration.hyperparameters.momentum.start = .value(0.9)
    configuration.data.set = DataSource(set)
    configuration.data.split = .balanced
    configuration.data.validation = 1000
    configuration.data.imbalance = imbalance
    configuration.inner.steps = 2000
    configuration.outer.learningRate = 0.01
    configuration.parallel.sums = .allreduce
    configuration.evaluation.interval = 10
    return Preset(
      name: name,
      title:
        "Weights of examples on long-tailed \(images) (imbalance \(Int(imbalance))), from --data.",
      description: """
        A network 1 -> 128 -> 1 maps an example's loss to its weight; its 385 parameters are the
        hyperparameters of a WideResNet 16-2, as in the paper, in a shorter training. 1000 balanced
        images are held out. The outer learning rate is not from the paper.
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
    // The best of what was tried on LeNet, see docs/results.md: columns that are carried on, the mean of
    // ten, and steps by signs. `compare --methods paper` has the paper's instead.
    configuration.estimator = .tailMean
    configuration.window.carry = 0.8
    configuration.outer.optimizer = .rprop
    configuration.outer.smallest = 0.05
    configuration.outer.largest = 0.2
    configuration.divergence.rise = 1.5
    return configuration
  }
}
