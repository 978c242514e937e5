import Tensors

/// ℓ_n = log Σ_c exp(x_nc) − x_n,label(n): the cross-entropy of every example with its label.
///
/// With p = softmax(x): ℓ̇ = ⟨p − e, ẋ⟩; x̄ = ℓ̄ (p − e); x̄̇ = ℓ̄̇ (p − e) + ℓ̄ p ∘ (ẋ − ⟨p, ẋ⟩).
final class CrossEntropy<Number: Scalar>: Operation {
  let logits: Operand<Number>
  let result: Variable<Number>
  private let labels: IntegerInput
  private let residual: RetainedValues<Number>
  private let classes: Int

  init(
    on tape: Tape<Number>, logits: Variable<Number>, labels: IntegerInput, classes: Int
  ) {
    self.logits = Operand(logits)
    self.labels = labels
    self.classes = classes
    residual = RetainedValues(count: logits.count)
    result = tape.result(labels.shape, of: [self.logits])
  }

  var operands: [Operand<Number>] { [logits] }
  var retained: [RetainedValues<Number>] { [residual] }
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

extension Tape {
  /// The cross-entropy of logits with their labels, the classes along the last axis: `[…, classes]`
  /// and `[…]` to `[…]`.
  ///
  /// Labels are 0 ..< classes. For a minibatch that is `[n, classes]` and `[n]` to `[n]`.
  public func crossEntropy(
    _ logits: Variable<Number>, labels: IntegerInput
  ) -> Variable<Number> {
    guard case .tensor(let dimensions) = logits.shape, let classes = dimensions.last,
      labels.shape == .tensor(dimensions.dropLast()), classes > 0
    else {
      preconditionFailure(
        "a cross-entropy of logits \(logits.shape) with labels \(labels.shape)")
    }
    return record(CrossEntropy(on: self, logits: logits, labels: labels, classes: classes))
  }
}
