extension [Eigenmode] {
  /// Fits the amplitudes by least squares.
  ///
  ///     b = argmin Σ_k ‖x_k − Φ Λ^k b‖²       (x_0 alone when only one snapshot is given)
  ///
  /// With Re b and Im b of a pair as two real unknowns, the snapshots are stacked into one real
  /// least-squares problem and solved by orthogonal transformations: the usual normal equations
  /// (Jovanović et al. 2014) would square the condition number, which fast modes and nearly equal λ
  /// make large.
  ///
  /// - Parameter snapshots: x_0, x_1, … as columns, in the coordinates of the modes.
  mutating func fitAmplitudes(to snapshots: Matrix) throws(FactorizationError) {
    let height = snapshots.rows
    var design: [[Double]] = []
    for mode in self {
      var blocks: [[Double]] = mode.isPair ? [[], []] : [[]]
      var weight = Complex(1)
      for _ in 0..<snapshots.columns {
        for (index, block) in mode.columns(weight: weight).enumerated() {
          blocks[index].append(contentsOf: block)
        }
        weight = weight * mode.eigenvalue
      }
      design.append(contentsOf: blocks)
    }
    // Columns are normalised, so the cutoff below compares shapes: a mode that decays in one step
    // is not mistaken for a linearly dependent one next to a mode that lasts the whole window.
    let norms = design.map { euclideanNorm($0) }
    let scales = norms.map { $0 > 0 && $0.isFinite ? 1 / $0 : 1 }
    let matrix = Matrix(
      rows: height * snapshots.columns, columns: design.count, elements: design.flatMap { $0 }
    ).scalingColumns(by: scales)
    let target = Matrix(rows: snapshots.elements.count, columns: 1, elements: snapshots.elements)
    // Combinations of modes that differ by less than this are rounding error; among them the
    // smallest amplitudes are chosen rather than huge ones that cancel.
    let solution = try leastSquares(matrix, target, cutoff: 1e-12).elements

    var unknown = 0
    func next() -> Double {
      defer { unknown += 1 }
      return solution[unknown] * scales[unknown]
    }
    for index in indices {
      let real = next()
      self[index].amplitude = Complex(real, self[index].isPair ? next() : 0)
    }
  }

  /// ‖[x_0, x_1, …] − Φ [b, Λb, …]‖ / ‖[x_0, x_1, …]‖ in the Frobenius norm; 0 for zero snapshots,
  /// infinite if the model overflows.
  func relativeResidual(of snapshots: Matrix) -> Double {
    let size = euclideanNorm(snapshots.elements)
    guard size > 0 else { return 0 }
    var weights = [Complex](repeating: Complex(1), count: count)
    var rest: [Double] = []
    rest.reserveCapacity(snapshots.elements.count)
    for column in 0..<snapshots.columns {
      var model = [Double](repeating: 0, count: snapshots.rows)
      for (index, mode) in self.enumerated() {
        mode.add(weight: weights[index], to: &model)
        weights[index] = weights[index] * mode.eigenvalue
      }
      rest.append(contentsOf: zip(snapshots.column(column), model).map { $0 - $1 })
    }
    let residual = euclideanNorm(rest) / size
    return residual.isFinite ? residual : .infinity
  }
}
