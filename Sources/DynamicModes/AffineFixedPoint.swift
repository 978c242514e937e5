/// The fixed point of an affine map fitted to a trajectory (not from the paper).
///
///     y_t = Pᵀ(h_t − h̄),   (A, c) = argmin Σ_t ‖y_{t+1} − A y_t − c‖² + ρ ‖A‖²,
///     ĥ = h̄ + P (I − A)⁻¹ c
///
/// h̄ is the tail mean and P holds the leading POD directions (left singular vectors) of the
/// deviations from it, so q may be far larger than σ; outside their span ĥ is h̄. ρ is the ridge
/// times the mean square of a direction. Complexity: O(q σ²).
package struct AffineFixedPoint: Sendable {
  /// ĥ, `[q]`; nil if the map has no fixed point.
  package let estimate: [Double]?
  /// Why `estimate` is missing.
  private let missing: FallbackReason?
  /// The spectral radius max |λ| of A; 0 if no map was fitted.
  private let radius: Double

  private init(_ estimate: [Double]?, _ missing: FallbackReason? = nil, radius: Double = 0) {
    self.estimate = estimate
    self.missing = missing
    self.radius = radius
  }

  /// Why `estimate` is missing or not a limit; a spectral radius above 1 by at most `tolerance` is
  /// accepted.
  package func reason(tolerance: Double) -> FallbackReason? {
    missing ?? (radius > 1 + tolerance ? .repellingFixedPoint(radius: radius) : nil)
  }

  /// Fits the map to `trajectory`, q × σ with h_t in column t and σ ≥ 3.
  package init(
    of trajectory: Matrix, around tailMean: [Double], settings: DynamicModeSettings
  ) throws(FactorizationError) {
    let (q, steps) = (trajectory.rows, trajectory.columns)
    precondition(tailMean.count == q, "a mean of \(tailMean.count) numbers for \(q)")
    precondition(steps >= 3, "an affine map needs 3 steps, not \(steps)")
    var deviations = trajectory
    for index in deviations.elements.indices { deviations.elements[index] -= tailMean[index % q] }

    let pod = try SingularValues(of: deviations)
    // Relative to the trajectory itself: the deviations of a constant one are rounding error.
    let floor =
      euclideanNorm(trajectory.elements) * Double(max(q, steps)) * Double.ulpOfOne
    // The σ − 1 pairs determine c and at most σ − 2 columns of A.
    let most = min(settings.affineDirections, steps - 2)
    let count = pod.values.prefix(most).prefix { $0 > floor }.count
    guard count > 0 else {
      self.init(tailMean)
      return
    }
    let coordinates = pod.rightTransposed.rows(0..<count)
      .scalingRows(by: Array(pod.values.prefix(count)))
    let map = try AffineMap(fittedTo: coordinates, ridge: settings.ridge)

    let radius = try Eigensystem(of: map.linear).radius
    var difference = map.linear.scalingColumns(by: Array(repeating: -1, count: count))
    for index in 0..<count { difference[index, index] += 1 }
    let values = try SingularValues(of: difference).values
    // Also relative to 1, the size of I: a small I − A is nearly singular whatever the ratio of its
    // own singular values.
    let condition = max(values.first ?? 1, 1) / (values.last ?? 0)
    guard condition <= settings.conditionLimit else {
      self.init(nil, .noFixedPoint(condition: condition, limit: settings.conditionLimit))
      return
    }
    let offset = Matrix(rows: count, columns: 1, elements: map.offset)
    let point = try leastSquares(difference, offset, cutoff: Double.ulpOfOne).elements
    let estimate = zip(tailMean, Matrix.product(pod.left.columns(0..<count), point)).map { $0 + $1 }
    self.init(estimate, radius: radius)
  }
}

/// y ↦ A y + c.
private struct AffineMap {
  /// A, d × d.
  let linear: Matrix
  /// c.
  let offset: [Double]

  /// Fits y_{t+1} = A y_t + c to the columns of `states`, d × σ.
  init(fittedTo states: Matrix, ridge: Double) throws(FactorizationError) {
    let (d, pairs) = (states.rows, states.columns - 1)
    let before = states.columns(0..<pairs)
    let after = states.columns(1..<pairs + 1)
    // Centred, because c must not be shrunk by the ridge.
    let (meanBefore, meanAfter) = (before.meanColumn, after.meanColumn)
    // Transposed, with √ρ I appended: least squares on this matrix is ridge regression without
    // squaring the condition number.
    var design = Matrix(zeros: pairs + d, d)
    var target = Matrix(zeros: pairs + d, d)
    var squares = 0.0
    for pair in 0..<pairs {
      for row in 0..<d {
        design[pair, row] = before[row, pair] - meanBefore[row]
        target[pair, row] = after[row, pair] - meanAfter[row]
        squares += design[pair, row] * design[pair, row]
      }
    }
    for row in 0..<d { design[pairs + row, row] = (ridge * squares / Double(d)).squareRoot() }
    let transposed = try leastSquares(design, target, cutoff: 1e-13)
    var linear = Matrix(zeros: d, d)
    for row in 0..<d { for column in 0..<d { linear[row, column] = transposed[column, row] } }
    self.linear = linear
    offset = zip(meanAfter, Matrix.product(linear, meanBefore)).map { $0 - $1 }
  }
}
