/// A hyperparameter of an inner optimizer.
///
/// The order of the cases is the order of the columns: learning rate, momentum, weight decay for
/// SGD; learning rate, β₁, β₂, ε, weight decay for Adam.
public enum HyperparameterName: String, CaseIterable, Sendable {
  /// lr, the step size.
  case learningRate = "learning-rate"
  /// μ, the decay of SGD's velocity.
  case momentum
  /// β₁, the decay of Adam's mean.
  case beta1
  /// β₂, the decay of Adam's mean square.
  case beta2
  /// ε, added to the root of Adam's mean square.
  case epsilon
  /// wd, the L2 weight decay: wd θ is added to the gradient.
  case weightDecay = "weight-decay"

  /// Whether it says how much of an average is kept, so that what counts is its distance from 1.
  public var isDecay: Bool {
    switch self {
    case .momentum, .beta1, .beta2: true
    case .learningRate, .epsilon, .weightDecay: false
    }
  }

  /// The position in column order.
  var position: Int {
    switch self {
    case .learningRate: 0
    case .momentum: 1
    case .beta1: 2
    case .beta2: 3
    case .epsilon: 4
    case .weightDecay: 5
    }
  }
}
