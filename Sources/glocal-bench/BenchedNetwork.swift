import ArgumentParser
import Datasets
import Networks
import Tensors

/// A network to benchmark, with images and settings of suitable size.
struct BenchedNetwork: ExpressibleByArgument {
  /// The name on the command line.
  let name: String
  let network: any Network
  /// The default number of validation images.
  let validationCount: Int
  /// The default number of tuned hyperparameters.
  let columns: Int

  /// The paper's LeNet, on glyphs; tunes learning rate, weight decay and momentum.
  static let lenet = BenchedNetwork(
    name: "lenet", network: LeNet(), validationCount: 6000, columns: 3)

  /// The network whose kernels are also timed if no network is named.
  static let wideResNet = BenchedNetwork(depth: 16, width: 2)

  private init(name: String, network: any Network, validationCount: Int, columns: Int) {
    self.name = name
    self.network = network
    self.validationCount = validationCount
    self.columns = columns
  }

  /// A wide residual network on random images; tunes learning rate and weight decay.
  private init(depth: Int, width: Int) {
    self.init(
      name: "wrn-\(depth)-\(width)", network: WideResNet(depth: depth, width: width),
      validationCount: 1000, columns: 2)
  }

  /// Parses `lenet`, or `wrn-DEPTH-WIDTH` such as `wrn-16-2`; also accepts `wrn16-2`.
  init?(argument: String) {
    if argument == Self.lenet.name {
      self = .lenet
      return
    }
    let opening = argument.hasPrefix("wrn-") ? "wrn-" : "wrn"
    let sizes = argument.dropFirst(opening.count)
      .split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard argument.hasPrefix(opening), sizes.count == 2, let depth = sizes[0], let width = sizes[1],
      depth >= 10, (depth - 4) % 6 == 0, (1...64).contains(width)
    else { return nil }
    self.init(depth: depth, width: width)
  }

  /// The default network shown by `--help`.
  var defaultValueDescription: String { name }

  /// Labelled images: glyphs if their size fits, otherwise noise, which takes the same time.
  func images(count: Int) -> ImageSet {
    let shape = network.imageShape
    if shape == (1, 28, 28) { return Glyphs.images(.train, count: count) }
    var stream = RandomStream(seed: 1, purpose: .testing)
    let length = shape.channels * shape.height * shape.width
    let pixels = (0..<count * length).map { _ in UInt8(truncatingIfNeeded: stream.word()) }
    let labels = (0..<count).map { _ in UInt8(stream.integer(below: network.classCount)) }
    return ImageSet(
      name: "noise", height: shape.height, width: shape.width, channels: shape.channels,
      classCount: network.classCount,
      // Uniform bytes have mean 1/2 and variance 1/12.
      normalisation: Normalisation(
        mean: Array(repeating: 0.5, count: shape.channels),
        deviation: Array(repeating: (1.0 / 12).squareRoot(), count: shape.channels)),
      pixels: pixels, labels: labels)
  }
}
