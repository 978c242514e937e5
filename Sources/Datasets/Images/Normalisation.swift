/// How bytes become the numbers a network sees: x ↦ (x / 255 − mean) / deviation, per channel.
public struct Normalisation: Equatable, Sendable {
  /// The mean of each channel's values in [0, 1].
  public let mean: [Double]
  /// The standard deviation of each channel's values in [0, 1]; positive.
  public let deviation: [Double]

  /// A normalisation with one mean and one deviation per channel.
  ///
  /// - Precondition: as many means as deviations, at least one, deviations positive.
  public init(mean: [Double], deviation: [Double]) {
    precondition(
      mean.count == deviation.count && !mean.isEmpty,
      "\(mean.count) means and \(deviation.count) deviations do not describe the same channels")
    precondition(
      deviation.allSatisfy { $0 > 0 && $0.isFinite },
      "deviations \(deviation) are not all positive")
    self.mean = mean
    self.deviation = deviation
  }

  /// How many channels it describes.
  public var channels: Int { mean.count }

  /// The number a byte of a channel becomes, rounded once from `Double`.
  public func value(_ byte: UInt8, channel: Int) -> Double {
    (Double(byte) / 255 - mean[channel]) / deviation[channel]
  }

  /// MNIST's training images.
  public static let mnist = Normalisation(mean: [0.1307], deviation: [0.3081])
  /// Fashion-MNIST's training images.
  public static let fashionMNIST = Normalisation(mean: [0.2860], deviation: [0.3530])
  /// KMNIST's training images.
  public static let kmnist = Normalisation(mean: [0.1918], deviation: [0.3483])
  /// CIFAR-10: the means and deviations of its training images.
  public static let cifar10 = Normalisation(
    mean: [0.4914, 0.4822, 0.4465], deviation: [0.2470, 0.2435, 0.2616])
  /// CIFAR-100: the means and deviations of its training images.
  public static let cifar100 = Normalisation(
    mean: [0.5071, 0.4865, 0.4409], deviation: [0.2673, 0.2564, 0.2762])
  /// SVHN's cropped digits: the means and deviations of its training images, as usually published.
  public static let svhn = Normalisation(
    mean: [0.4377, 0.4438, 0.4728], deviation: [0.1980, 0.2010, 0.1970])
}
