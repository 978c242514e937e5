/// What trains the network.
public enum InnerOptimizerKind: String, CaseIterable, Sendable {
  case sgd, adam
}

extension InnerOptimizerKind {
  /// The optimizer of this kind.
  public var optimizer: any InnerOptimizer {
    switch self {
    case .sgd: MomentumDescent()
    case .adam: AdamDescent()
    }
  }

  /// The hyperparameters that it reads, in the order of their columns.
  public var hyperparameterNames: [HyperparameterName] { optimizer.hyperparameterNames }
}
