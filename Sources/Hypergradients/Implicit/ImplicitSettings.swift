import DynamicModes

/// The approximation to the inverse Hessian of the training loss.
public enum ImplicitSolver: String, CaseIterable, Sendable {
  /// The first terms of the Neumann series (Lorraine, Vicol and Duvenaud 2020).
  case neumann
  /// Conjugate gradients (Pedregosa 2016).
  case cg
  /// A low-rank matrix from random columns and the Woodbury identity (Hataya and Yamada 2023).
  case nystrom
  /// Only the optimizer's last step, with its own scaling (Luketina and others 2016).
  case oneStep = "one-step"
}

/// How the method `implicit` solves for its hypergradient.
public struct ImplicitSettings: Equatable, Sendable {
  /// The approximation to the inverse.
  public var solver: ImplicitSolver
  /// K: terms of the series, or conjugate gradient iterations; at least 1.
  public var steps: Int
  /// The number of columns that `nystrom` draws, at least 1.
  public var rank: Int
  /// ρ, added to the Hessian's diagonal, at least 0.
  public var damping: Double
  /// α, the scaling of the series' terms, above 0; nil: each layer's learning rate divided by 1 +
  /// momentum, with which the series converges wherever the training does.
  public var stepSize: Double?
  /// The number of minibatches that the training loss is averaged over, at least 1.
  public var minibatches: Int
  /// The random key for the drawn columns.
  public var seed: UInt64

  /// Creates settings; the defaults are those of the solvers' authors where published.
  public init(
    solver: ImplicitSolver = .neumann, steps: Int = 20, rank: Int = 10, damping: Double = 0.01,
    stepSize: Double? = nil, minibatches: Int = 1, seed: UInt64 = 0
  ) {
    self.solver = solver
    self.steps = steps
    self.rank = rank
    self.damping = damping
    self.stepSize = stepSize
    self.minibatches = minibatches
    self.seed = seed
  }

  /// The cost of a hypergradient beyond training and the validation gradient, at most.
  ///
  /// In minibatch gradients and tangents of them: each product with the Hessian also computes the
  /// gradient.
  public var products: (gradients: Int, tangents: Int) {
    switch solver {
    case .neumann, .cg: (steps * minibatches, steps * minibatches)
    case .nystrom: (2 * minibatches, (rank + 1) * minibatches)
    case .oneStep: (1, 1)
    }
  }

  /// The same cost in passes over a minibatch: a gradient is 1, a tangent 2.
  public var passes: Double { Double(products.gradients) + 2 * Double(products.tangents) }

  /// The number of vectors that are differentiated along at the same time.
  public var lanes: Int { solver == .nystrom ? rank : 1 }

  /// Whether the solver gives a valid hypergradient for this optimizer hyperparameter.
  ///
  /// The stationary point depends on the weight decay, which is part of the loss unless it is
  /// decoupled, and on no other optimizer hyperparameter. A single step depends on all of them.
  public func tunes(_ name: HyperparameterName, of optimizer: any InnerOptimizer) -> Bool {
    solver == .oneStep || name == .weightDecay && optimizer.decaysByGradient
  }

  /// The first invalid setting, or nil.
  public var complaint: Complaint<Self>? {
    if let stepSize, !Self.legalStepSizes.contains(stepSize) {
      return Complaint(
        [\.stepSize], "the series' step size is \(stepSize): it must be \(Self.legalStepSizes).")
    }
    if solver == .nystrom, damping == 0 {
      return Complaint(
        [\.damping, \.solver],
        "nystrom divides by the damping, which is 0: set it above 0, such as 0.01.")
    }
    return Self.legalSteps.complaint(\.steps, of: self, "the number of the solver's steps")
      ?? Self.legalRanks.complaint(\.rank, of: self, "the rank")
      ?? Self.legalDampings.complaint(\.damping, of: self, "the damping")
      ?? Self.legalMinibatches.complaint(\.minibatches, of: self, "the number of minibatches")
  }

  /// The legal range of `steps`.
  public static let legalSteps = LegalRange.from(1, to: 100_000)
  /// The legal range of `rank`.
  public static let legalRanks = LegalRange.from(1, to: 1000)
  /// The legal range of `damping`.
  public static let legalDampings = LegalRange.from(0.0, to: 1e6)
  /// The legal range of `stepSize`.
  public static let legalStepSizes = LegalRange.above(0.0, to: 1e6)
  /// The legal range of `minibatches`.
  public static let legalMinibatches = LegalRange.from(1, to: 100_000)
}
