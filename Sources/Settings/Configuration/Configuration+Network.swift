import Learning
import Networks

extension Configuration.Network: SettingValue {
  package static var kind: String {
    "lenet or wrn-DEPTH-WIDTH such as wrn-28-2, with a depth of 6n + 4"
  }

  package static func read(_ scalar: YAMLScalar) -> Configuration.Network? {
    guard let text = scalar.text else { return nil }
    if text == "lenet" { return .lenet }
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
    }
  }

  /// Whether it takes images, and no other rows of numbers.
  package var takesImages: Bool {
    switch self {
    case .lenet, .wideResNet: true
    }
  }

  /// The network for that many classes.
  package func network(classCount: Int) -> any Network {
    switch self {
    case .lenet: LeNet(classCount: classCount)
    case .wideResNet(let depth, let width):
      WideResNet(depth: depth, width: width, classCount: classCount)
    }
  }

  /// The network for the examples of a set.
  ///
  /// - Throws: `RunError` when it does not take such examples.
  package func network(for data: any DataPart) throws(RunError) -> any Network {
    let wanted = network(classCount: data.classes ?? 1).imageShape
    let size = "\(wanted.channels)×\(wanted.height)×\(wanted.width) (channels, height, width)"
    let found = data.imageShape
    guard let found else {
      throw RunError(
        "network \(printed) takes images of \(size), but the inputs of \(data.name) are "
          + "\(data.inputWords). Choose another network or other data.")
    }
    guard wanted == found else {
      throw RunError(
        "network \(printed) takes images of \(size), but those of \(data.name) are "
          + "\(found.channels)×\(found.height)×\(found.width). "
          + ((found.width, found.channels, found.height) == wanted
            ? "Save them with the channels before height and width."
            : "Choose another network or data.set."))
    }
    guard let classes = data.classes else {
      throw RunError(
        "network \(printed) tells classes, but the targets of \(data.name) are no classes. Choose "
          + "another network, or name targets that are whole numbers, one for each image.")
    }
    return network(classCount: classes)
  }
}

extension DataPart {
  /// The size of its images; nil where the inputs are none.
  fileprivate var imageShape: (channels: Int, height: Int, width: Int)? {
    guard case .image(let channels, let height, let width)? = fields.first?.kind else { return nil }
    return (channels, height, width)
  }

  /// What its inputs are, for a sentence.
  fileprivate var inputWords: String {
    switch fields.first?.kind {
    case .numbers(let shape): "\(shape.isEmpty ? "single numbers" : "numbers of shape \(shape)")"
    case .integers(let shape): "tokens of shape \(shape)"
    case .image, nil: "images"
    }
  }
}
