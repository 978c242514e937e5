import DynamicModes
import Foundation

/// A noiseless linear trajectory h_t = limit + Σ_j Re(a_j λ_jᵗ), whose future is known in closed form.
struct LinearTrajectory {
  let limit: [Double]
  /// λ_j and a_j, one complex number per hyperparameter.
  let modes: [(eigenvalue: Complex, shape: [Complex])]

  /// Modes with these eigenvalues and fixed, dissimilar shapes.
  init(limit: [Double], eigenvalues: [Complex]) {
    self.limit = limit
    modes = eigenvalues.enumerated().map { index, eigenvalue in
      (
        eigenvalue,
        limit.indices.map { row in
          let angle = Double(3 * index + 2 * row + 1)
          return Complex(cos(angle), eigenvalue.imaginary == 0 ? 0 : sin(1.7 * angle))
        }
      )
    }
  }

  func state(at step: Int) -> [Double] {
    limit.indices.map { row in
      modes.reduce(limit[row]) { $0 + ($1.eigenvalue.power(step) * $1.shape[row]).real }
    }
  }

  /// h_0 … h_{σ−1}, row-major.
  func observed(_ steps: Int) -> [Double] { (0..<steps).flatMap { state(at: $0) } }

  func estimate(
    _ estimator: Estimator, steps: Int, settings: DynamicModeSettings, horizon: Int = 1000
  ) -> SteadyState {
    estimateSteadyState(
      trajectory: observed(steps), steps: steps, hyperparameters: limit.count,
      requested: estimator, settings: settings, horizon: horizon)
  }
}

/// modulus · e^{i angle}.
func polar(_ modulus: Double, _ angle: Double) -> Complex {
  Complex(modulus * cos(angle), modulus * sin(angle))
}
