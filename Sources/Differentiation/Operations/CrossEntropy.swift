import Tensors

/// ℓ_n = log Σ_c exp(x_nc) − x_n,label(n): the cross-entropy of every example with its label.
///
/// With p = softmax(x): ℓ̇ = ⟨p − e, ẋ⟩; x̄ = ℓ̄ (p − e); x̄̇ = ℓ̄̇ (p − e) + ℓ̄ p ∘ (ẋ − ⟨p, ẋ⟩).
final class CrossEntropy<Number: Scalar>: Operation {
  let logits: Operand<Number>
  let result: Variable<Number>
  private let labels: Labels
  private let residual: Keepsake<Number>
  private let classes: Int

  init(
    on tape: Tape<Number>, logits: Variable<Number>, labels: Labels, rows: Int, classes: Int
  ) {
    self.logits = Operand(logits)
    self.labels = labels
    self.classes = classes
    residual = Keepsake(count: rows * classes)
    result = tape.result(.vector(rows), of: [self.logits])
  }

  var operands: [Operand<Number>] { [logits] }
  var kept: [Keepsake<Number>] { [residual] }
  var needs: PrimalNeeds<Number> {
    PrimalNeeds(tangentsInPullback: [logits.variable], cotangentInPullbackTangent: true)
  }

  func value() {
    Softmax.crossEntropy(
      logits.variable.value, labels: labels.pointer, losses: result.value,
      residual: residual.pointer, rows: result.count, classes: classes)
  }

  func tangent() {
    Softmax.lossTangent(
      logits.variable.tangent, residual: residual.pointer, into: result.tangent,
      rows: result.count, classes: classes)
  }

  func pullback() {
    Softmax.scaleRows(
      residual.pointer, by: result.cotangent, into: logits.variable.cotangent, rows: result.count,
      classes: classes, accumulate: logits.accumulates)
  }

  func pullbackTangent() {
    Softmax.scaleRows(
      residual.pointer, by: result.cotangentTangent, into: logits.variable.cotangentTangent,
      rows: result.count, classes: classes, accumulate: logits.accumulates)
    Softmax.addCurvature(
      logits.variable.tangent, residual: residual.pointer, labels: labels.pointer,
      scale: result.cotangent, into: logits.variable.cotangentTangent, rows: result.count,
      classes: classes)
  }
}

/// The labels of a shard's examples, to be filled before every replay.
public final class Labels {
  /// One label an example.
  public let pointer: UnsafeMutablePointer<Int32>
  /// How many.
  public let count: Int

  /// Labels for `count` examples, all 0.
  public init(count: Int) {
    self.count = count
    pointer = .allocate(capacity: max(1, count))
    pointer.initialize(repeating: 0, count: max(1, count))
  }

  deinit { pointer.deallocate() }
}

extension Tape {
  /// The cross-entropy of each row of logits `[n, classes]` with its label: `[n]`.
  public func crossEntropy(_ logits: Variable<Number>, labels: Labels) -> Variable<Number> {
    guard case .matrix(let rows, let classes) = logits.shape, rows == labels.count,
      logits.isActive
    else {
      preconditionFailure("\(labels.count) labels do not fit logits \(logits.shape)")
    }
    return record(
      CrossEntropy(on: self, logits: logits, labels: labels, rows: rows, classes: classes))
  }
}
