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
