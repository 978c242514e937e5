/// The dynamic mode decomposition of a sequence of snapshots k_1 … k_N.
///
/// Definition as in Tu et al. (2014); amplitudes as in Jovanović et al. (2014).
///
///     X = [k_1 … k_{N−1}],  Y = [k_2 … k_N],  X = U Σ Vᵀ (rank r),  Ã = Uᵀ Y V Σ⁻¹,  Ã W = W Λ
///     k_{1+t} ≈ Φ Λᵗ b
///
/// All snapshots are first written in one orthonormal basis, [k_1 … k_N] = Q R, so all further work
/// is in at most N coordinates, however long a snapshot is: O(d N² + r² N²) in total for snapshots
/// of d numbers. Nothing of size d² is ever formed.
package struct DynamicModeDecomposition: Sendable {
  /// Q, d × min(d, N): the basis for the modes' directions.
  package let basis: Matrix
  /// N, the number of snapshots.
  package let snapshots: Int
  /// The min(d, N − 1) singular values of X, descending.
  package let singularValues: [Double]
  /// r, the truncation rank; 0 if nothing was kept.
  package let rank: Int
  /// The modes, by descending |λ|.
  package let modes: [Eigenmode]
  /// The condition number of W with unit columns; 1 if there are no modes.
  package let eigenbasisCondition: Double
  /// ‖[k_1 … k_N] − Φ [b, Λb, …, Λ^{N−1}b]‖ / ‖[k_1 … k_N]‖ in the Frobenius norm; 0 for zero
  /// snapshots.
  package let relativeResidual: Double

  /// Decomposes the columns of `matrix`, d × N with N ≥ 2.
  package init(
    of matrix: Matrix, rank rule: RankRule, modes kind: ModeKind, amplitudes fit: AmplitudeFit
  ) throws(FactorizationError) {
    precondition(matrix.columns >= 2, "\(matrix.columns) snapshots: a step needs two")
    let factors = try OrthogonalFactorization(of: matrix)
    basis = factors.orthogonal
    snapshots = matrix.columns

    let coordinates = factors.triangular
    let before = coordinates.columns(0..<snapshots - 1)
    let after = coordinates.columns(1..<snapshots)
    let decomposition = try SingularValues(of: before)
    singularValues = decomposition.values
    // The rule needs the shape of X itself: R has the same singular values but fewer rows.
    rank = rule.rank(of: singularValues, rows: matrix.rows, columns: snapshots - 1)

    guard rank > 0 else {
      modes = []
      eigenbasisCondition = 1
      relativeResidual = euclideanNorm(coordinates.elements) > 0 ? 1 : 0
      return
    }
    let left = decomposition.left.columns(0..<rank)
    let advanced = Matrix.product(
      after, decomposition.rightTransposed.rows(0..<rank), transposingSecond: true
    ).scalingColumns(by: singularValues.prefix(rank).map { 1 / $0 })
    let eigensystem = try Eigensystem(
      of: Matrix.product(left, advanced, transposingFirst: true))
    eigenbasisCondition = try eigensystem.condition

    var modes = eigensystem.modes(directions: left, exact: kind == .exact ? advanced : nil)
    try modes.fitAmplitudes(to: fit == .all ? coordinates : coordinates.columns(0..<1))
    self.modes = modes
    relativeResidual = modes.relativeResidual(of: coordinates)
  }

  /// Σ_j w_j b_j φ_j in the given rows of a snapshot.
  ///
  /// - Parameter weight: w_j, or nil to drop the mode. λ_j^k gives snapshot k + 1.
  package func combination(rows: Range<Int>, weight: (Eigenmode) -> Complex?) -> [Double] {
    var sum = Array(repeating: 0.0, count: basis.columns)
    for mode in modes {
      if let weight = weight(mode) { mode.add(weight: weight, to: &sum) }
    }
    return Matrix.product(basis.rows(rows), sum)
  }
}

extension Eigensystem {
  /// The condition number of the complex eigenvector matrix with unit columns.
  ///
  /// [w, w̄] = [√2 Re w, √2 Im w] times a unitary matrix, so a real matrix has the same condition
  /// number.
  var condition: Double {
    get throws(FactorizationError) {
      let scaled = vectors.scalingColumns(by: imaginary.map { $0 == 0 ? 1 : 2.0.squareRoot() })
      let values = try SingularValues(of: scaled).values
      guard let largest = values.first, let smallest = values.last, smallest > 0 else {
        return .infinity
      }
      return largest / smallest
    }
  }

  /// The modes by descending |λ|, without amplitudes.
  ///
  /// - Parameters:
  ///   - directions: U; the projected modes are linear combinations of its columns.
  ///   - exact: Y V Σ⁻¹ for exact modes. The factor Λ⁻¹ of their definition only scales them, and
  ///     they are normalised anyway.
  func modes(directions: Matrix, exact: Matrix?) -> [Eigenmode] {
    let real = self.real
    let projected = Matrix.product(directions, vectors)
    let chosen = exact.map { Matrix.product($0, vectors) } ?? projected
    let floor = euclideanNorm(chosen.elements) * Double(chosen.rows) * Double.ulpOfOne
    func mode(_ column: Int, in matrix: Matrix) -> Eigenmode? {
      let isPair = imaginary[column] > 0
      return Eigenmode(
        eigenvalue: Complex(real[column], imaginary[column]), isPair: isPair,
        real: matrix.column(column),
        imaginary: isPair ? matrix.column(column + 1) : Array(repeating: 0, count: matrix.rows),
        floor: floor)
    }
    return real.indices
      .filter { imaginary[$0] >= 0 }
      // For λ = 0 the exact mode may vanish up to rounding; Tu et al. use the projected one.
      .compactMap { mode($0, in: chosen) ?? mode($0, in: projected) }
      .sorted { $0.eigenvalue.modulus > $1.eigenvalue.modulus }
  }
}
