import DynamicModes

/// What stands in for the inverse of the training loss's Hessian.
public enum ImplicitSolver: String, CaseIterable, Sendable {
  /// The first terms of the Neumann series (Lorraine, Vicol and Duvenaud 2020).
  case neumann
  /// Conjugate gradients (Pedregosa 2016).
  case cg
  /// A matrix of low rank from random columns, and Woodbury's identity (Hataya and Yamada 2023).
  case nystrom
  /// The optimizer's last step alone, with its own scaling (Luketina and others 2016).
  case oneStep = "one-step"
}

/// How `implicit` solves for its hypergradient.
public struct ImplicitSettings: Equatable, Sendable {
  /// What is in the place of the inverse.
  public var solver: ImplicitSolver
  /// K: terms of the series, or iterations of conjugate gradients; at least 1.
  public var steps: Int
  /// The columns that `nystrom` draws, at least 1.
  public var rank: Int
  /// ρ, added to the Hessian's diagonal, at least 0.
  public var damping: Double
  /// α, what the terms of the series are scaled by, above 0; nil: each layer's learning rate divided
  /// by 1 + momentum, with which the series converges wherever the training does.
  public var stepSize: Double?
  /// The minibatches that stand for the training loss, at least 1.
  public var minibatches: Int
  /// The key of the columns that are drawn.
  public var seed: UInt64

  /// Settings; the defaults are those of the solvers' authors where they give some.
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

  /// What a hypergradient costs beside training and the validation gradient, at most.
  ///
  /// Gradients of a minibatch, and tangents of them: each product with the Hessian takes the gradient
  /// along.
  public var products: (gradients: Int, tangents: Int) {
    switch solver {
    case .neumann, .cg: (steps * minibatches, steps * minibatches)
    case .nystrom: (2 * minibatches, (rank + 1) * minibatches)
    case .oneStep: (1, 1)
    }
  }

  /// The same in passes over a minibatch: a gradient is 1, a tangent of it 2.
  public var passes: Double { Double(products.gradients) + 2 * Double(products.tangents) }

  /// The vectors that are differentiated along at a time.
  public var lanes: Int { solver == .nystrom ? rank : 1 }

  /// Whether what it gives holds for that hyperparameter of an optimizer.
  ///
  /// Where training ends depends on the weight decay, which is a part of the loss, and on no other of
  /// them. A single step depends on all. A decay that is decoupled from the gradient is no part of the
  /// loss.
  public func tunes(_ name: HyperparameterName, of optimizer: any InnerOptimizer) -> Bool {
    solver == .oneStep || name == .weightDecay && optimizer.decaysByGradient
  }

  /// What is wrong with a setting, or nil.
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

  /// What is legal for `steps`.
  public static let legalSteps = LegalRange.from(1, to: 100_000)
  /// What is legal for `rank`.
  public static let legalRanks = LegalRange.from(1, to: 1000)
  /// What is legal for `damping`.
  public static let legalDampings = LegalRange.from(0.0, to: 1e6)
  /// What is legal for `stepSize`.
  public static let legalStepSizes = LegalRange.above(0.0, to: 1e6)
  /// What is legal for `minibatches`.
  public static let legalMinibatches = LegalRange.from(1, to: 100_000)
}
