/// The eigenvalues of a trajectory's dynamic mode decomposition and how well they fit it.
public struct Spectrum: Equatable, Sendable {
  /// One entry per eigenvalue, by descending |λ|; both members of a conjugate pair, next to each
  /// other.
  public struct Mode: Equatable, Sendable {
    /// Re λ.
    public let real: Double
    /// Im λ.
    public let imaginary: Double
    /// b| for a mode of unit length, in the units of the hypergradient: its share of the first Hankel
    /// column, where the trajectory begins.
    public let amplitude: Double
    /// Whether `dmd` treats λ as 1 and keeps the mode.
    public let isSteady: Bool

    /// Creates a mode.
    public init(real: Double, imaginary: Double, amplitude: Double, isSteady: Bool) {
      (self.real, self.imaginary) = (real, imaginary)
      (self.amplitude, self.isSteady) = (amplitude, isSteady)
    }

    /// |λ|.
    public var modulus: Double { Complex(real, imaginary).modulus }
  }

  /// The modes.
  public let modes: [Mode]
  /// The spectral radius max |λ|; 0 if there are no modes.
  ///
  /// Above 1, the current hyperparameters make training diverge.
  public let spectralRadius: Double
  /// r, the number of singular values kept.
  public let rank: Int
  /// ‖[k_1 … k_N] − Φ [b, Λb, …]‖ / ‖[k_1 … k_N]‖ in the Frobenius norm; infinite if a fast-growing
  /// mode overflows within the window, never NaN.
  public let relativeResidual: Double
  /// The condition number of the eigenvectors; infinite if they are linearly dependent, never NaN.
  public let eigenbasisCondition: Double
  /// All singular values of X, descending, in the units of the hypergradient.
  public let singularValues: [Double]

  /// Creates a spectrum.
  public init(
    modes: [Mode], spectralRadius: Double, rank: Int, relativeResidual: Double,
    eigenbasisCondition: Double, singularValues: [Double]
  ) {
    self.modes = modes
    self.spectralRadius = spectralRadius
    self.rank = rank
    self.relativeResidual = relativeResidual
    self.eigenbasisCondition = eigenbasisCondition
    self.singularValues = singularValues
  }

  init(_ decomposition: DynamicModeDecomposition, tolerance: Double, unit: Double) {
    modes = decomposition.modes.flatMap { mode -> [Mode] in
      let lambda = mode.eigenvalue
      let signs = mode.isPair ? [1.0, -1.0] : [1.0]
      return signs.map { sign in
        Mode(
          real: lambda.real, imaginary: sign * lambda.imaginary,
          amplitude: mode.amplitude.modulus * unit,
          isSteady: mode.isSteady(within: tolerance))
      }
    }
    spectralRadius = decomposition.modes.first?.eigenvalue.modulus ?? 0
    rank = decomposition.rank
    relativeResidual = decomposition.relativeResidual
    eigenbasisCondition = decomposition.eigenbasisCondition
    singularValues = decomposition.singularValues.map { $0 * unit }
  }
}
