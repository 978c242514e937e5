import Datasets
import Learning
import Networks
import ONNX

extension Configuration.Network: SettingValue {
  package static var kind: String {
    "lenet, wrn-DEPTH-WIDTH such as wrn-28-2 with a depth of 6n + 4, \(NetworkName.forms), whose heads "
      + "divide the width, or the path of your own model, which ends in .onnx"
  }

  /// A path keeps its characters.
  package static var isText: Bool { true }

  package static func read(_ scalar: YAMLScalar) -> Configuration.Network? {
    guard let text = scalar.text else { return nil }
    if text == "lenet" { return .lenet }
    if text.hasSuffix(Self.ending) { return .file(DataPath(text)) }
    if let name = try? NetworkName(text) { return .named(name) }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "wrn", let depth = Int(parts[1]), let width = Int(parts[2]),
      (10...1000).contains(depth), (depth - 4) % 6 == 0, (1...64).contains(width)
    else { return nil }
    return .wideResNet(depth: depth, width: width)
  }

  package var printed: String {
    switch self {
    case .lenet: "lenet"
    case .wideResNet(let depth, let width): "wrn-\(depth)-\(width)"
    case .named(let name): "\(name)"
    case .file(let path): path.printed
    }
  }

  /// How the path of an own model ends.
  package static let ending = ".onnx"

  /// Whether it takes only images.
  package var takesImages: Bool {
    switch self {
    case .lenet, .wideResNet: true
    case .named, .file: false
    }
  }

  /// The path of an own model; nil for the program's networks.
  package var path: String? {
    if case .file(let path) = self { path.path } else { nil }
  }

  /// Makes a relative path whole.
  mutating func beginPath(in folder: String) {
    if case .file(let path) = self { self = .file(path.beginning(in: folder)) }
  }
}

extension Configuration {
  /// The network for examples.
  ///
  /// - Parameter source: what sentences call the data.
  /// - Throws: `RunError` with the remedy if there is none, or it does not take them.
  private func model(
    for examples: ExampleDescription, of source: String
  ) throws(RunError) -> any DescribedModel {
    if let path = network.path { return try graphModel(path, for: examples, of: source) }
    do throws(NetworkRefusal) {
      return try builtInModel(for: examples)
    } catch {
      throw RunError("network \(error) (\(source)). Choose another network or other data.")
    }
  }

  private func builtInModel(
    for examples: ExampleDescription
  ) throws(NetworkRefusal) -> any DescribedModel {
    if case .named(let name) = network {
      return try NetworkModel(name, for: examples, dropout: networkDropout)
    }
    guard case .image(let channels, let height, let width) = examples.input.kind else {
      throw .input(network.printed, takes: "images", found: examples.networkInput)
    }
    guard examples.hasClasses else {
      throw .answer(
        network.printed, answers: "with a class of each image", found: examples.networkAnswer)
    }
    let image = (channels: channels, height: height, width: width)
    if case .wideResNet(let depth, let factor) = network {
      return Classifier(
        WideResNet(depth: depth, width: factor, classCount: examples.classes, image: image))
    }
    return Classifier(try LeNet(classCount: examples.classes, image: image))
  }

  /// The network for the examples of a part of a data set.
  ///
  /// - Throws: `RunError` with the remedy if the network does not take them, or the weight function
  ///   needs classes and there are none.
  package func model(for data: any DataPart) throws(RunError) -> any DescribedModel {
    let counting: [WeightFunction] = [.classes, .classSpline, .example]
    if task == .reweighting, counting.contains(reweighting.function), data.classes == nil {
      throw RunError(
        "reweighting.function \(reweighting.function.rawValue) needs a class for each example, and "
          + "the targets of \(data.name) are none. Choose spline, network or focal, or other targets."
      )
    }
    if network.takesImages,
      case .image(let channels, let height, 1...4) = data.exampleDescription
        .input.kind, min(channels, height) > 4
    {
      throw RunError(
        "the images of \(data.name) have \(channels) channels and a width of at most 4, as if the "
          + "channels came last. Save them with the channels before height and width.")
    }
    return try model(for: data.exampleDescription, of: data.name)
  }

  /// The examples to expect, without looking at files; nil for files, which have to be opened.
  package var expectedExamples: ExampleDescription? {
    switch data.set {
    case .files: return nil
    case .text:
      return ExampleDescription(
        input: ExampleField("inputs", .integers([data.context])),
        target: ExampleField("targets", .integers([data.context])), vocabulary: 256, classes: 256)
    default:
      guard let set = data.set.known else { return nil }
      let image = set.imageShape
      return ExampleDescription(
        channels: image.channels, height: image.height, width: image.width,
        classes: set.classCount)
    }
  }

  /// The network for the examples to expect.
  ///
  /// - Throws: `RunError` if it does not take them, or if only the files can tell.
  package func expectedModel() throws(RunError) -> any DescribedModel {
    guard let expectedExamples else {
      throw RunError("data.set: files: the network depends on the files, which were not opened.")
    }
    return try model(for: expectedExamples, of: "data.set \(data.set.rawValue)")
  }
}
