import Tensors

/// Which numbers of a plane go into each number of the result, and with which factor: poolings of any
/// kernel, with any padding, and interpolations.
public struct PlaneWindows: Sendable {
  /// Numbers of a plane of the input.
  public let inputCount: Int
  /// Where the window of each number of the result begins in `places`, and the end of the last.
  public let starts: [Int]
  /// Places in the input's plane.
  public let places: [Int32]
  /// As many as `places`; only sums read them.
  public let factors: [Double]

  /// Windows over planes; every place is in `0..<inputCount`.
  public init(inputCount: Int, _ windows: [[(place: Int, factor: Double)]]) {
    self.inputCount = inputCount
    var starts = [0]
    var places: [Int32] = []
    var factors: [Double] = []
    for window in windows {
      for (place, factor) in window {
        precondition(
          (0..<inputCount).contains(place), "the place \(place) in a plane of \(inputCount)")
        places.append(Int32(place))
        factors.append(factor)
      }
      starts.append(places.count)
    }
    self.starts = starts
    self.places = places
    self.factors = factors
  }

  /// Numbers of a plane of the result.
  public var outputCount: Int { starts.count - 1 }
}
