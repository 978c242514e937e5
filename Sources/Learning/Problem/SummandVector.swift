import Differentiation
import Networks
import Tensors

/// One vector of an ordered sum's slot: a gradient or a tangent of it, with its companions.
struct SummandVector<Number: Scalar> {
  /// `[stride]`.
  let start: UnsafeMutablePointer<Number>
  private let parameterCount: Int
  private let trainedCount: Int

  /// Vector `index` of a slot of gradient jets.
  init(_ slot: UnsafeMutableBufferPointer<Number>, _ index: Int, _ layout: ParameterLayout) {
    guard let base = slot.baseAddress else { preconditionFailure("an empty slot") }
    start = base + index * Jet<Number>.stride(count: layout.count)
    parameterCount = layout.count
    trainedCount = layout.trainedCount
  }

  /// Clears what stands behind the trained parameters, then writes companions.
  func finish(_ companions: [Number] = []) {
    precondition(
      companions.count <= Jet<Number>.companionCount,
      "\(companions.count) companions, with room for \(Jet<Number>.companionCount)")
    for i in trainedCount..<Jet<Number>.stride(count: parameterCount) { start[i] = 0 }
    for (i, number) in companions.enumerated() { start[parameterCount + i] = number }
  }

  /// Writes a shard's share of what a minibatch has measured, after `finish`.
  func write(_ measurements: [(offset: Int, values: RetainedValues<Number>)], share: Number) {
    for (offset, values) in measurements {
      for i in 0..<values.count { start[offset + i] = share * values.pointer[i] }
    }
  }

  /// Clears all of it.
  func clear() {
    start.update(repeating: 0, count: Jet<Number>.stride(count: parameterCount))
  }
}
