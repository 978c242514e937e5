/// The cross-entropy of softmax and its first two derivatives, for rows of logits `[rows, classes]`.
public enum Softmax {
  /// losses_n ← log Σ exp(x_n) − x_n,label and residual ← softmax(x_n) − e_label; the largest logit
  /// is subtracted first so that nothing overflows.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func crossEntropy<Number: Scalar>(
    _ logits: UnsafePointer<Number>, labels: UnsafePointer<Int32>,
    losses: UnsafeMutablePointer<Number>, residual: UnsafeMutablePointer<Number>, rows: Int,
    classes: Int
  ) {
    for row in 0..<rows {
      let x = logits + row * classes
      let r = residual + row * classes
      let label = Int(labels[row])
      var largest = x[0]
      for c in 1..<max(1, classes) where x[c] > largest { largest = x[c] }
      var total: Number = 0
      for c in 0..<classes {
        r[c] = Number.exponential(x[c] - largest)
        total += r[c]
      }
      for c in 0..<classes { r[c] /= total }
      losses[row] = Number.logarithm(total) + largest - x[label]
      r[label] -= 1
    }
  }

  /// ℓ̇_n ← ⟨residual_n, ẋ_n⟩.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func lossTangent<Number: Scalar>(
    _ tangent: UnsafePointer<Number>, residual: UnsafePointer<Number>,
    into losses: UnsafeMutablePointer<Number>, rows: Int, classes: Int
  ) {
    for row in 0..<rows {
      var total: Number = 0
      for i in row * classes..<(row + 1) * classes { total += residual[i] * tangent[i] }
      losses[row] = total
    }
  }

  /// y_n ← (or ← y_n + if `accumulate`) scale_n · x_n for every row.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func scaleRows<Number: Scalar>(
    _ x: UnsafePointer<Number>, by scale: UnsafePointer<Number>,
    into y: UnsafeMutablePointer<Number>, rows: Int, classes: Int, accumulate: Bool
  ) {
    for row in 0..<rows {
      for i in row * classes..<(row + 1) * classes {
        y[i] = accumulate ? y[i] + scale[row] * x[i] : scale[row] * x[i]
      }
    }
  }

  /// y_n ← y_n + scale_n · p ∘ (ẋ_n − ⟨p, ẋ_n⟩), p = residual_n + e_label.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func addCurvature<Number: Scalar>(
    _ tangent: UnsafePointer<Number>, residual: UnsafePointer<Number>,
    labels: UnsafePointer<Int32>, scale: UnsafePointer<Number>,
    into y: UnsafeMutablePointer<Number>, rows: Int, classes: Int
  ) {
    for row in 0..<rows {
      let t = tangent + row * classes
      let r = residual + row * classes
      let label = Int(labels[row])
      var mean: Number = 0
      for c in 0..<classes { mean += (c == label ? r[c] + 1 : r[c]) * t[c] }
      for c in 0..<classes {
        let p = c == label ? r[c] + 1 : r[c]
        y[row * classes + c] += scale[row] * p * (t[c] - mean)
      }
    }
  }
}
