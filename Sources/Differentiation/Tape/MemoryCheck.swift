import Tensors

/// How a tape gives memory to the numbers of its variables.
public enum TapeMemory: Sendable {
  /// What is not read any more makes room for other numbers.
  case shared
  /// All numbers have a place of their own, and turn to NaN where `shared` would no longer keep them:
  /// for tests of new operations. One that reads what its `needs` do not name, leaves out numbers of
  /// its result or relies on the scratch of another pass then gives NaN, whatever else is recorded.
  case checked
}

/// Turns the numbers of a tape to NaN after their last use.
struct MemoryCheck<Number: Scalar> {
  /// What is used for the last time at each of the times of ``ArenaPlan``.
  private let expiring: [Int: [(placement: Placement<Number>, count: Int)]]
  private let places: [ObjectIdentifier: Int]
  private let scratch: Buffer<Number>
  private var time = -1

  init(
    _ plan: ArenaPlan<Number>, operations: [any Operation<Number>], arena: Buffer<Number>,
    scratch: Buffer<Number>
  ) {
    expiring = Dictionary(grouping: plan.uses, by: \.last).mapValues { uses in
      uses.map { ($0.placement, $0.count) }
    }
    places = Dictionary(
      uniqueKeysWithValues: operations.enumerated().map { (ObjectIdentifier($1), $0) })
    self.scratch = scratch
    for buffer in [arena, scratch] {
      Elementwise.fill(buffer.pointer, count: buffer.count, with: .nan)
    }
  }

  /// To be called after each operation of each pass.
  mutating func finish(_ operation: any Operation<Number>, _ pass: TapePass) {
    let (n, i) = (places.count, places[ObjectIdentifier(operation)] ?? 0)
    let now =
      switch pass {
      case .value: i
      case .pullback: 2 * n - 1 - i
      case .tangent: 2 * n + i
      case .pullbackTangent: 4 * n - 1 - i
      }
    // Time runs back where a pass is repeated.
    let start = now > time ? time + 1 : now
    for moment in start...now {
      for (placement, count) in expiring[moment] ?? [] {
        Elementwise.fill(placement.pointer, count: count, with: .nan)
      }
    }
    Elementwise.fill(scratch.pointer, count: scratch.count, with: .nan)
    time = now
  }
}
