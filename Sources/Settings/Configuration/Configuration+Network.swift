import Datasets
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

  /// The network for that many classes.
  package func network(classCount: Int) -> any Network {
    switch self {
    case .lenet: LeNet(classCount: classCount)
    case .wideResNet(let depth, let width):
      WideResNet(depth: depth, width: width, classCount: classCount)
    }
  }

  /// The network for the images of a set.
  ///
  /// - Throws: `RunError` when it does not take such images.
  package func network(for images: ImageSet) throws(RunError) -> any Network {
    let network = network(classCount: images.classCount)
    let wanted = network.imageShape
    guard wanted == (images.channels, images.height, images.width) else {
      throw RunError(
        "network \(printed) takes images of \(wanted.channels)×\(wanted.height)×\(wanted.width) "
          + "(channels, height, width), but those of \(images.name) are "
          + "\(images.channels)×\(images.height)×\(images.width). Choose another network or "
          + "data.set.")
    }
    return network
  }
}
