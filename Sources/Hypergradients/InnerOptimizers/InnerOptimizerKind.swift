/// What trains the network.
public enum InnerOptimizerKind: String, CaseIterable, Sendable {
  case sgd, adam
  /// Adam with decoupled weight decay.
  case adamW = "adamw"
}

extension InnerOptimizerKind {
  /// The optimizer of this kind.
  public var optimizer: any InnerOptimizer {
    switch self {
    case .sgd: MomentumDescent()
    case .adam: AdamDescent()
    case .adamW: AdamDescent(decouplesDecay: true)
    }
  }

  /// The hyperparameters that it reads, in the order of their columns.
  public var hyperparameterNames: [HyperparameterName] { optimizer.hyperparameterNames }
}
