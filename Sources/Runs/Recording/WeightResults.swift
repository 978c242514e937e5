import Datasets
import Learning
import Networks
import Settings
import Storage
import Tensors

/// The final weights of a run's training examples.
package struct WeightResults {
  let configuration: Configuration
  let weighting: any ExampleWeighting
  /// φ of the weights.
  let phi: [Double]
  /// The examples themselves; nil if they are not available.
  let training: (any DataPart)?

  /// Creates results from weights.
  package init(
    configuration: Configuration, weighting: any ExampleWeighting, phi: [Double],
    training: (any DataPart)?
  ) {
    self.configuration = configuration
    self.weighting = weighting
    self.phi = phi
    self.training = training
  }

  /// Writes the weight function, for `reweighting.initial` and other programs.
  ///
  /// - Throws: `FileError`
  package func write(to folder: RunFolder) throws(FileError) {
    var tensors = WeightFunctionFile.tensors(of: weighting, phi)
    var metadata = [(key: "function", text: configuration.reweighting.function.rawValue)]
    var file = RunFolder.File.weightFunction
    switch weighting {
    case is WeightNetwork:
      file = .weightNetwork
      metadata = []
    case let spline as LossSpline: tensors.append(Self.knots(spline.knots))
    case let spline as ClassSpline: tensors.append(Self.knots(spline.knots))
    case let examples as ExampleWeights:
      file = .exampleWeights
      let count = examples.exampleCount
      tensors.append(
        NamedTensor(
          name: "example.weights", shape: [count], values: examples.weights(hyperparameters: phi)))
      guard let training else { break }
      tensors += [
        NamedTensor(
          name: "example.index", shape: [count],
          values: (0..<count).map { Double(training.position(at: $0)) }),
        NamedTensor(
          name: "example.label", shape: [count],
          values: (0..<count).map { Double(training.label(at: $0)) }),
      ]
    default: break
    }
    try folder.writeWeights(tensors, metadata: metadata, as: file)
  }

  private static func knots(_ knots: LossKnots) -> NamedTensor<Double> {
    NamedTensor(name: "spline.knots", shape: [knots.count], values: knots.places)
  }

  /// Lists the examples with the smallest weights, if each example has its own; wrong labels tend
  /// to be among them.
  ///
  /// - Returns: sentences to print at the end of the run.
  /// - Throws: `FileError`
  func writeLowest<Number: Scalar>(
    to folder: RunFolder, _ network: some Network, _ parameters: UnsafeBufferPointer<Number>
  ) throws(FileError) -> [String] {
    guard let examples = weighting as? ExampleWeights, let training else { return [] }
    let weights = examples.weights(hyperparameters: phi)
    let order = weights.indices.sorted { (weights[$0], $0) < (weights[$1], $1) }
    let listed = Array(order.prefix(configuration.reweighting.listed))
    let losses = ExampleLosses(network, training).losses(of: listed, parameters: parameters)
    let isNoisy = configuration.data.labelNoise.share > 0
    var lines = ["index,label,weight,loss" + (isNoisy ? ",true_label" : "")]
    for (index, loss) in zip(listed, losses) {
      var cells = [
        "\(training.position(at: index))", "\(training.label(at: index))", "\(weights[index])",
        "\(loss)",
      ]
      if isNoisy { cells.append("\(training.trueLabel(at: index))") }
      lines.append(cells.joined(separator: ","))
    }
    try folder.writeLowestWeights(lines.joined(separator: "\n") + "\n")
    let found =
      "the \(listed.count) examples with the smallest weights are listed in "
      + RunFolder.File.lowestWeights.rawValue
    guard isNoisy else { return [found] }
    let detection = LabelDetection(
      order: order.map { training.label(at: $0) != training.trueLabel(at: $0) },
      listed: listed.count)
    return [found, detection.sentence]
  }
}
