/// The optimizer that trains the network.
public enum InnerOptimizerKind: String, CaseIterable, Sendable {
  case sgd, adam
}

extension InnerOptimizerKind {
  /// An optimizer of this kind.
  public var optimizer: any InnerOptimizer {
    switch self {
    case .sgd: MomentumDescent()
    case .adam: AdamDescent()
    }
  }

  /// The hyperparameters it reads, in column order.
  public var hyperparameterNames: [HyperparameterName] { optimizer.hyperparameterNames }
}
