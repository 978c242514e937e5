import Tensors

/// ℓ_n = the mean of log Σ_c exp(x_tc) − x_t,target(t) over the positions t of example n that have a
/// target; 0 where none has.
///
/// With p = softmax(x), r = p − e and w = 1 / the example's number of targets, 0 at a position without:
/// ℓ̇ = Σ w ⟨r, ẋ⟩; x̄ = ℓ̄ w r; x̄̇ = ℓ̄̇ w r + ℓ̄ w p ∘ (ẋ − ⟨p, ẋ⟩).
final class ExampleCrossEntropy<Number: Scalar>: Operation {
  let logits: Operand<Number>
  let result: Variable<Number>
  private let targets: IntegerInput
  private let geometry: CrossEntropyGeometry
  /// r.
  private let residual: RetainedValues<Number>
  /// w.
  private let weights: RetainedValues<Number>

  init(
    on tape: Tape<Number>, logits: Variable<Number>, targets: IntegerInput,
    geometry: CrossEntropyGeometry
  ) {
    self.logits = Operand(logits)
    self.targets = targets
    self.geometry = geometry
    residual = RetainedValues(count: logits.count)
    weights = RetainedValues(count: targets.count)
    result = tape.result(.vector(geometry.examples), of: [self.logits])
  }

  var operands: [Operand<Number>] { [logits] }
  var retained: [RetainedValues<Number>] { [residual, weights] }
  var needs: PrimalNeeds<Number> {
    PrimalNeeds(tangentsInPullback: [logits.variable], cotangentInPullbackTangent: true)
  }

  func value() {
    for (n, target) in UnsafeBufferPointer(start: targets.pointer, count: targets.count)
      .enumerated()
    where target != geometry.ignored {
      precondition(
        target >= 0 && target < geometry.classes,
        "the target \(target) at \(n) is not in 0 ..< \(geometry.classes)")
    }
    ExampleCrossEntropyLoops.value(
      geometry, logits.variable.value, targets: targets.pointer, residual: residual.pointer,
      weights: weights.pointer, into: result.value)
  }

  func tangent() {
    ExampleCrossEntropyLoops.tangent(
      geometry, logits.variable.tangent, residual: residual.pointer, weights: weights.pointer,
      into: result.tangent)
  }

  func pullback() {
    ExampleCrossEntropyLoops.pullback(
      geometry, result.cotangent, residual: residual.pointer, weights: weights.pointer,
      into: logits.variable.cotangent, accumulate: logits.accumulates)
  }

  func pullbackTangent() {
    ExampleCrossEntropyLoops.pullbackTangent(
      geometry, (UnsafePointer(result.cotangent), UnsafePointer(result.cotangentTangent)),
      logits.variable.tangent, targets: targets.pointer, residual: residual.pointer,
      weights: weights.pointer, into: logits.variable.cotangentTangent,
      accumulate: logits.accumulates)
  }
}

/// The sizes of a cross-entropy for each example.
struct CrossEntropyGeometry {
  let examples: Int
  /// Positions of an example.
  let positions: Int
  let classes: Int
  /// The target of positions that do not count.
  let ignored: Int32
}

private enum ExampleCrossEntropyLoops {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func value<Number: Scalar>(
    _ g: CrossEntropyGeometry, _ x: UnsafePointer<Number>, targets: UnsafePointer<Int32>,
    residual: UnsafeMutablePointer<Number>, weights: UnsafeMutablePointer<Number>,
    into losses: UnsafeMutablePointer<Number>
  ) {
    let classes = g.classes
    for example in 0..<g.examples {
      let rows = example * g.positions..<(example + 1) * g.positions
      var counted = 0
      for row in rows where targets[row] != g.ignored { counted += 1 }
      let weight = counted > 0 ? 1 / Number(counted) : 0
      var total: Number = 0
      for row in rows {
        let (x, r, target) = (x + row * classes, residual + row * classes, targets[row])
        guard target != g.ignored else {
          weights[row] = 0
          for c in 0..<classes { r[c] = 0 }
          continue
        }
        weights[row] = weight
        let largest = Reductions.maximum(x, count: classes)
        for c in 0..<classes { r[c] = Number.branchFreeExponential(x[c] - largest) }
        let sum = Reductions.sum(r, count: classes)
        let scale = 1 / sum
        for c in 0..<classes { r[c] *= scale }
        r[Int(target)] -= 1
        total += Number.logarithm(sum) + (largest - x[Int(target)])
      }
      losses[example] = weight * total
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func tangent<Number: Scalar>(
    _ g: CrossEntropyGeometry, _ x: UnsafePointer<Number>, residual: UnsafePointer<Number>,
    weights: UnsafePointer<Number>, into losses: UnsafeMutablePointer<Number>
  ) {
    for example in 0..<g.examples {
      var total: Number = 0
      for row in example * g.positions..<(example + 1) * g.positions where weights[row] != 0 {
        let start = row * g.classes
        total += weights[row] * Reductions.dot(residual + start, x + start, count: g.classes)
      }
      losses[example] = total
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func pullback<Number: Scalar>(
    _ g: CrossEntropyGeometry, _ cotangent: UnsafePointer<Number>,
    residual: UnsafePointer<Number>, weights: UnsafePointer<Number>,
    into x: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    for row in 0..<g.examples * g.positions {
      let (x, r) = (x + row * g.classes, residual + row * g.classes)
      let scale = weights[row] * cotangent[row / g.positions]
      if accumulate {
        for c in 0..<g.classes { x[c] += scale * r[c] }
      } else {
        for c in 0..<g.classes { x[c] = scale * r[c] }
      }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func pullbackTangent<Number: Scalar>(
    _ g: CrossEntropyGeometry,
    _ cotangents: (cotangent: UnsafePointer<Number>, tangent: UnsafePointer<Number>),
    _ tangent: UnsafePointer<Number>, targets: UnsafePointer<Int32>,
    residual: UnsafePointer<Number>, weights: UnsafePointer<Number>,
    into x: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    for row in 0..<g.examples * g.positions {
      let start = row * g.classes
      let (x, r, t) = (x + start, residual + start, tangent + start)
      guard weights[row] != 0 else {
        if !accumulate { for c in 0..<g.classes { x[c] = 0 } }
        continue
      }
      let example = row / g.positions
      let a = weights[row] * cotangents.tangent[example]
      let b = weights[row] * cotangents.cotangent[example]
      // p = r + e: the loop does r, and e is added behind it.
      let target = Int(targets[row])
      let mean = Reductions.dot(r, t, count: g.classes) + t[target]
      if accumulate {
        for c in 0..<g.classes { x[c] += a * r[c] + b * r[c] * (t[c] - mean) }
      } else {
        for c in 0..<g.classes { x[c] = a * r[c] + b * r[c] * (t[c] - mean) }
      }
      x[target] += b * (t[target] - mean)
    }
  }
}

extension Tape {
  /// The cross-entropy of every example: the mean over its positions that have a target, classes along
  /// the last axis: `[examples, …, classes]` and `[examples, …]` to `[examples]`.
  ///
  /// A target that equals `ignored` does not count; an example without any other has the loss 0 and no
  /// gradient. The others are in 0 ..< classes.
  ///
  /// - Parameters:
  ///   - logits: x.
  ///   - targets: the classes.
  ///   - ignored: the target of positions that do not count; PyTorch's default.
  public func crossEntropy(
    _ logits: Variable<Number>, targets: IntegerInput, ignoring ignored: Int32 = -100
  ) -> Variable<Number> {
    guard case .tensor(let dimensions) = logits.shape, dimensions.count >= 2,
      let classes = dimensions.last, targets.shape == .tensor(dimensions.dropLast()),
      logits.count > 0
    else {
      preconditionFailure("a cross-entropy of logits \(logits.shape) with targets \(targets.shape)")
    }
    let examples = dimensions[0]
    return record(
      ExampleCrossEntropy(
        on: self, logits: logits, targets: targets,
        geometry: CrossEntropyGeometry(
          examples: examples, positions: targets.count / examples, classes: classes,
          ignored: ignored)))
  }
}
