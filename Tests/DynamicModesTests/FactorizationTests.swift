import DynamicModes
import Testing

@Suite struct FactorizationTests {
  /// A fixed, well-conditioned matrix without structure.
  private func example(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map { Double(($0 * 7919 + 13) % 101) / 50 - 1 })
  }

  // Backward stable: some units in the last place times the largest singular value (about 5 here).
  static let rounding = 1e-13

  @Test(arguments: [(7, 4), (4, 7), (5, 5), (1, 6), (6, 1), (1, 1)])
  func singularValuesRebuildTheMatrix(rows: Int, columns: Int) throws {
    let matrix = example(rows, columns)
    for factors in [
      try SingularValues(of: matrix), try SingularValues(byDivideAndConquer: matrix),
      try SingularValues(byIteration: matrix),
    ] {
      let rebuilt = Matrix.product(
        factors.left.scalingColumns(by: factors.values), factors.rightTransposed)
      #expect(largestDifference(rebuilt.elements, matrix.elements) <= Self.rounding)
      #expect(factors.values == factors.values.sorted(by: >))
    }
  }

  @Test(arguments: [(7, 4), (4, 7), (5, 5), (1, 6), (6, 1)])
  func orthogonalFactorsRebuildTheMatrix(rows: Int, columns: Int) throws {
    let matrix = example(rows, columns)
    let factors = try OrthogonalFactorization(of: matrix)
    let (q, r) = (factors.orthogonal, factors.triangular)
    #expect(q.columns == min(rows, columns))
    #expect(
      largestDifference(Matrix.product(q, r).elements, matrix.elements) <= Self.rounding)
    var unit = Matrix(zeros: q.columns, q.columns)
    for index in 0..<q.columns { unit[index, index] = 1 }
    #expect(
      largestDifference(
        Matrix.product(q, q, transposingFirst: true).elements, unit.elements) <= Self.rounding)
  }

  // A rotation by 0.3 and a number: λ = e^{±0.3i}, 2.
  @Test func eigenvaluesOfARotation() throws {
    let lambda = polar(1, 0.3)
    let matrix = Matrix(
      rows: 3, columns: 3,
      elements: [lambda.real, lambda.imaginary, 0, -lambda.imaginary, lambda.real, 0, 0, 0, 2])
    let system = try Eigensystem(of: matrix)
    let order = system.imaginary.indices.sorted { system.imaginary[$0] > system.imaginary[$1] }
    #expect(
      largestDifference(order.map { system.real[$0] }, [lambda.real, 2, lambda.real]) <= 1e-15)
    #expect(abs(system.imaginary[order[0]] - lambda.imaginary) <= 1e-15)
    #expect(abs(system.radius - 2) <= 1e-15)
  }

  @Test func leastSquaresDropsWhatIsDependent() throws {
    // Two equal columns: the solution of smallest norm shares the weight.
    let matrix = Matrix(rows: 3, columns: 2, elements: [1, 1, 1, 1, 1, 1])
    let target = Matrix(rows: 3, columns: 1, elements: [1, 2, 3])
    let solution = try leastSquares(matrix, target, cutoff: 1e-12)
    #expect(largestDifference(solution.elements, [1, 1]) <= 1e-14)
  }

  @Test func whatIsNotANumberIsAnErrorThatNamesTheRoutine() {
    var matrix = example(4, 3)
    matrix[1, 1] = .nan
    #expect { try SingularValues(byDivideAndConquer: matrix) } throws: {
      ($0 as? FactorizationError)?.routine == "dgesdd"
    }
    // The retry ran, and failed as well.
    #expect { try SingularValues(of: matrix) } throws: {
      ($0 as? FactorizationError)?.routine == "dgesvd"
    }
    #expect { try OrthogonalFactorization(of: matrix) } throws: {
      ($0 as? FactorizationError)?.routine == "dgeqrf"
    }
  }

  @Test func theHankelMatrixStacksConsecutiveSteps() {
    // h_0 = (0, 1), h_1 = (2, 3), …
    let matrix = hankelMatrix(
      trajectory: (0..<10).map(Double.init), steps: 5, hyperparameters: 2, stacks: 3)
    #expect(matrix.rows == 6 && matrix.columns == 3)
    #expect(matrix.column(0) == [0, 1, 2, 3, 4, 5])
    #expect(matrix.column(2) == [4, 5, 6, 7, 8, 9])
  }

  @Test func powersAndModuli() {
    #expect(Complex(-0.5).power(3) == Complex(-0.125))
    #expect(polar(0.9, 0.4).power(0) == Complex(1))
    let turned = polar(0.9, 0.4).power(10)
    let expected = polar(0.34867844010, 4)
    // 0.9¹⁰ is written with 11 digits.
    #expect(abs(turned.real - expected.real) <= 1e-11)
    #expect(abs(turned.imaginary - expected.imaginary) <= 1e-11)
    #expect(abs(Complex(3e200, 4e200).modulus / 5e200 - 1) <= 1e-15)
    #expect(Complex(0).modulus == 0)
    #expect(Complex(3, 4).clampedToUnitDisc == Complex(0.6, 0.8))
    #expect(Complex(0.3, 0.4).clampedToUnitDisc == Complex(0.3, 0.4))
  }
}
