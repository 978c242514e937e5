/// The shape of a variable on a tape.
public enum Shape: Equatable, Sendable {
  /// Images as `ImageLayout` lays them out, or `[batch, channels, height, width]` when the channels
  /// are no multiple of 16.
  case image(batch: Int, channels: Int, height: Int, width: Int)
  /// `[rows, columns]`, row-major.
  case matrix(rows: Int, columns: Int)
  /// `[count]`.
  case vector(Int)

  /// How many numbers it has.
  public var count: Int {
    switch self {
    case .image(let batch, let channels, let height, let width):
      batch * channels * height * width
    case .matrix(let rows, let columns): rows * columns
    case .vector(let count): count
    }
  }
}
