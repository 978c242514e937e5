/// The shape of a variable on a tape.
///
/// Operations on general tensors take and give `.tensor`; convolutions, poolings and normalisations
/// work on `.image`. ``Tape/tensor(of:)`` and ``Tape/images(of:)`` go from one to the other.
public enum Shape: Hashable, Sendable {
  /// Images as `ImageLayout` lays them out, or `[batch, channels, height, width]` when the channels
  /// are no multiple of 16.
  case image(batch: Int, channels: Int, height: Int, width: Int)
  /// A tensor of any rank, row-major: the last axis is the one whose numbers are neighbours.
  ///
  /// `.tensor([])` is a single number.
  case tensor([Int])

  /// `[rows, columns]`, row-major.
  public static func matrix(rows: Int, columns: Int) -> Shape { .tensor([rows, columns]) }

  /// `[count]`.
  public static func vector(_ count: Int) -> Shape { .tensor([count]) }

  /// The length of every axis; images have four: batch, channels, height and width.
  public var dimensions: [Int] {
    switch self {
    case .image(let batch, let channels, let height, let width): [batch, channels, height, width]
    case .tensor(let dimensions): dimensions
    }
  }

  /// How many numbers it has: the product of its dimensions.
  public var count: Int {
    switch self {
    case .image(let batch, let channels, let height, let width):
      batch * channels * height * width
    case .tensor(let dimensions): dimensions.reduce(1, *)
    }
  }

  /// The rows and columns of a row-major matrix; nil for every other shape.
  public var matrixSize: (rows: Int, columns: Int)? {
    guard case .tensor(let dimensions) = self, dimensions.count == 2 else { return nil }
    return (dimensions[0], dimensions[1])
  }
}

extension Shape: CustomStringConvertible {
  /// The dimensions in brackets, such as `[16, 10]` or `images [16, 3, 32, 32]`.
  public var description: String {
    if case .image = self { return "images \(dimensions)" }
    return "\(dimensions)"
  }
}
