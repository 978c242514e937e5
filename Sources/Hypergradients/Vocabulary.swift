/// How the hyperparameters are updated; see the README's table of methods for the cost of each.
public enum Method: String, CaseIterable, Sendable {
  /// The hyperparameters stay as they are.
  case none
  /// The local hypergradient h_τ after every window.
  case local
  /// The steady state estimated from the last σ local hypergradients, after every window.
  case glocal
  /// Greedy playout: from the present state on to step T with φ frozen; h_T.
  case global
  /// Non-greedy: train from θ₀ to T, update φ once, repeat.
  case globalRestart = "global-restart"
  /// h at the end of a playout of several windows from the window's start; no DMD.
  case truncatedGlobal = "truncated-global"
}

/// The map from the unconstrained number φ to the value used in training.
public enum Transform: String, CaseIterable, Sendable {
  case sigmoid, exp, softplus, identity
}

/// What trains the network.
public enum InnerOptimizerKind: String, CaseIterable, Sendable {
  case sgd, adam
}

/// What moves the hyperparameters.
public enum OuterOptimizerKind: String, CaseIterable, Sendable {
  case adam, sgd, rprop
}

/// What to do when a loss or a hypergradient is not finite.
public enum DivergencePolicy: String, CaseIterable, Sendable {
  /// Back to the window's start with a smaller learning rate, a limited number of times.
  case retreat
  /// End the run at once.
  case stop
}
