/// The optimizer that trains the network.
public enum InnerOptimizerKind: String, CaseIterable, Sendable {
  case sgd, adam
  /// Adam with decoupled weight decay.
  case adamW = "adamw"
}

extension InnerOptimizerKind {
  /// An optimizer of this kind.
  public var optimizer: any InnerOptimizer {
    switch self {
    case .sgd: MomentumDescent()
    case .adam: AdamDescent()
    case .adamW: AdamDescent(decouplesDecay: true)
    }
  }

  /// The hyperparameters it reads, in column order.
  public var hyperparameterNames: [HyperparameterName] { optimizer.hyperparameterNames }
}
