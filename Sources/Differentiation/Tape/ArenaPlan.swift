import Tensors

/// Lays the numbers of a tape out in one block, reusing memory that is no longer read.
///
/// With n operations the passes take the times 0..<n (values), n..<2n (pullbacks, backwards),
/// 2n..<3n (tangents) and 3n..<4n (their pullbacks, backwards). Every storage is alive from its
/// first write to its last read; what the tangent passes read of the primal passes stays to the
/// end, since those passes repeat. Storages are placed largest first at the lowest free address.
/// Less memory means that a shard's numbers stay in the cache.
struct ArenaPlan<Number: Scalar> {
  struct Interval {
    let placement: Placement<Number>
    let count: Int
    var first: Int
    var last: Int
    var start = 0
  }

  private var intervals: [Interval] = []
  /// Every storage with its first and last use.
  var uses: [Interval] { intervals }
  private var index: [ObjectIdentifier: Int] = [:]
  /// Numbers of the whole block.
  private(set) var count = 0

  /// Storages start on boundaries of this many numbers (a cache line at least).
  private static var alignment: Int { 32 }

  /// - Parameter differentiated: for every operation whether it takes part in the passes after the
  ///   values.
  init(
    operations: [any Operation<Number>], differentiated: [Bool], variables: [Variable<Number>],
    output: Variable<Number>, kept: [Variable<Number>], measured: [RetainedValues<Number>],
    passes: Tape<Number>.Passes, memory: TapeMemory
  ) {
    let n = operations.count
    let end = 4 * n
    let repeats = passes == .tangents
    /// A use of primal numbers by a pass that repeats keeps them to the end.
    func used(_ placement: Placement<Number>, _ count: Int, at time: Int, primal: Bool = true) {
      note(placement, count, at: primal && time >= 2 * n ? end : time)
    }
    for variable in variables where !operations.contains(where: { $0.result === variable }) {
      note(variable.valueStorage, variable.count, at: -1)
      // An input is filled by the caller and may be read until the last value is computed.
      note(variable.valueStorage, variable.count, at: n)
    }
    for (i, operation) in operations.enumerated() {
      let result = operation.result
      let backwards = 2 * n - 1 - i
      let needs = operation.needs
      note(result.valueStorage, result.count, at: i)
      for operand in operation.operands where operand.variable.offset == nil {
        note(operand.variable.valueStorage, operand.variable.count, at: i)
      }
      for retained in operation.retained { note(retained.storage, retained.count, at: i) }
      guard passes != .values, differentiated[i] else { continue }
      for retained in operation.retained {
        note(retained.storage, retained.count, at: repeats ? end : backwards)
      }
      for variable in needs.pullback where variable.offset == nil {
        used(variable.valueStorage, variable.count, at: backwards)
      }
      note(result.cotangentStorage, result.count, at: backwards)
      for operand in operation.operands where operand.variable.arenaGradient {
        note(operand.variable.cotangentStorage, operand.variable.count, at: backwards)
      }
      guard repeats else { continue }
      let forwards = 2 * n + i
      let backwardsTangent = 4 * n - 1 - i
      for variable in needs.tangent + needs.pullbackTangent where variable.offset == nil {
        used(variable.valueStorage, variable.count, at: end)
      }
      if needs.cotangentInPullbackTangent {
        used(result.cotangentStorage, result.count, at: end)
      }
      note(result.tangentStorage, result.count, at: forwards)
      note(result.cotangentTangentStorage, result.count, at: backwardsTangent)
      for operand in operation.operands where operand.variable.arenaGradient {
        note(operand.variable.tangentStorage, operand.variable.count, at: forwards)
        note(operand.variable.cotangentTangentStorage, operand.variable.count, at: backwardsTangent)
      }
      for variable in needs.tangentsInPullback where variable.arenaGradient {
        note(variable.tangentStorage, variable.count, at: backwardsTangent)
      }
    }
    for variable in kept + [output] { note(variable.valueStorage, variable.count, at: end) }
    for values in measured { note(values.storage, values.count, at: end) }
    if passes != .values { note(output.cotangentStorage, output.count, at: n) }
    if repeats {
      note(output.tangentStorage, output.count, at: 3 * n)
      note(output.cotangentTangentStorage, output.count, at: 3 * n)
    }
    switch memory {
    case .shared: assign()
    case .checked: assignApart()
    }
  }

  /// Puts every storage at its address.
  func place(in arena: Buffer<Number>) {
    for interval in intervals { interval.placement.place(at: arena.pointer + interval.start) }
  }

  private mutating func note(_ placement: Placement<Number>, _ count: Int, at time: Int) {
    if let i = index[ObjectIdentifier(placement)] {
      intervals[i].first = min(intervals[i].first, time)
      intervals[i].last = max(intervals[i].last, time)
    } else {
      index[ObjectIdentifier(placement)] = intervals.count
      intervals.append(Interval(placement: placement, count: count, first: time, last: time))
    }
  }

  private mutating func assign() {
    let order = intervals.indices.sorted {
      (intervals[$1].count, $0) < (intervals[$0].count, $1)
    }
    var placed: [Int] = []
    for i in order {
      let neighbours =
        placed
        .filter {
          intervals[$0].first <= intervals[i].last && intervals[i].first <= intervals[$0].last
        }
        .sorted { intervals[$0].start < intervals[$1].start }
      var start = 0
      for other in neighbours {
        if start + intervals[i].count <= intervals[other].start { break }
        start = max(start, Self.roundedUp(intervals[other].start + intervals[other].count))
      }
      intervals[i].start = start
      placed.append(i)
      count = max(count, start + Self.roundedUp(intervals[i].count))
    }
  }

  private mutating func assignApart() {
    for i in intervals.indices {
      intervals[i].start = count
      count += Self.roundedUp(intervals[i].count)
    }
  }

  private static func roundedUp(_ count: Int) -> Int {
    (count + alignment - 1) / alignment * alignment
  }
}

extension Variable {
  /// Whether its gradient numbers live in the arena: active, and not a parameter's.
  fileprivate var arenaGradient: Bool { isActive && offset == nil }
}
