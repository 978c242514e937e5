import Differentiation
import Tensors

/// One vector of an ordered sum's slot: a gradient or a tangent of it, with its companions.
struct SummandVector<Number: Scalar> {
  /// `[stride]`.
  let start: UnsafeMutablePointer<Number>
  private let parameterCount: Int

  /// Vector `index` of a slot of gradient jets.
  init(_ slot: UnsafeMutableBufferPointer<Number>, _ index: Int, parameterCount: Int) {
    guard let base = slot.baseAddress else { preconditionFailure("an empty slot") }
    start = base + index * Jet<Number>.stride(count: parameterCount)
    self.parameterCount = parameterCount
  }

  /// Clears what stands behind the parameters, then writes companions.
  func finish(_ companions: [Number] = []) {
    precondition(
      companions.count <= Jet<Number>.companionCount,
      "\(companions.count) companions, with room for \(Jet<Number>.companionCount)")
    for i in parameterCount..<Jet<Number>.stride(count: parameterCount) { start[i] = 0 }
    for (i, number) in companions.enumerated() { start[parameterCount + i] = number }
  }

  /// Clears all of it.
  func clear() {
    start.update(repeating: 0, count: Jet<Number>.stride(count: parameterCount))
  }
}
