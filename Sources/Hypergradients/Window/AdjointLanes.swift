import Tensors

/// Adjoints on their way back: one lane for every observed step that this rank owns.
///
/// Lanes are ordered from the last step to the first, so that those under way are always the first
/// ones.
final class AdjointLanes<Number: Scalar> {
  /// How many lanes there is room for.
  let capacity: Int
  private let parameterCount: Int
  private let stateCount: Int
  /// `[capacity, 1 + stateCount, p]`: the adjoints of θ and of the optimizer's numbers.
  private let numbers: Buffer<Number>
  /// After how many steps of the trajectory each lane's h is taken, falling.
  private(set) var starts: [Int] = []

  init(capacity: Int, parameterCount: Int, stateCount: Int) {
    self.capacity = capacity
    self.parameterCount = parameterCount
    self.stateCount = stateCount
    numbers = Buffer(count: capacity * (1 + stateCount) * parameterCount)
  }

  /// Settles which lanes there are.
  func begin(starts: [Int]) {
    precondition(starts.count <= capacity, "\(starts.count) adjoints in \(capacity) lanes")
    self.starts = starts
  }

  /// Seeds the lane of an observed step, if it is this rank's: (∇θ L̃, 0, …).
  func seed(start: Int, gradient: UnsafePointer<Number>) {
    guard let lane = starts.firstIndex(of: start) else { return }
    parameters(lane).update(from: gradient, count: parameterCount)
    state(lane, 0).update(repeating: 0, count: stateCount * parameterCount)
  }

  /// How many lanes are under way before the step that led to state `position`.
  func active(at position: Int) -> Int { starts.prefix { $0 >= position }.count }

  /// The adjoint of θ, `[p]`.
  func parameters(_ lane: Int) -> UnsafeMutablePointer<Number> {
    numbers.pointer + lane * (1 + stateCount) * parameterCount
  }

  /// The adjoints of the optimizer's numbers, `[stateCount, p]`, from number `i` on.
  func state(_ lane: Int, _ i: Int) -> UnsafeMutablePointer<Number> {
    parameters(lane) + (1 + i) * parameterCount
  }
}
