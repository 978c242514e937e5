import DynamicModes
import Hypergradients
import Tensors

/// Everything that decides the numbers of a run.
///
/// A configuration comes from a preset, a YAML file over it and `--set` over both
/// (``ConfigurationReader``), and is printed as YAML that reads back to the same configuration
/// (``Configuration/yaml(comments:)``). What does not decide the numbers (where the data lies, where
/// the results go) is not here.
///
/// The defaults are those of the preset `glyphs`, except that no hyperparameter is tuned.
public struct Configuration: Equatable, Sendable {
  /// What is optimised.
  public var task = Task.optimizer
  /// The network that is trained.
  public var network = Network.lenet
  /// The images.
  public var data = Data()
  /// The training of the network: Ω and T.
  public var inner = Inner()
  /// φ: where each hyperparameter starts and whether it is tuned.
  public var hyperparameters = Hyperparameters()
  /// How training examples are weighted.
  public var reweighting = Reweighting()
  /// The window: τ and σ.
  public var window = Window()
  /// How the hyperparameters are updated.
  public var method = Method.glocal
  /// How the local hypergradients are computed.
  public var mode = Mode.auto
  /// How the limit of a window's hypergradients is read off.
  public var estimator = Estimator.dmd
  /// The Hankel DMD and the affine fit.
  public var dmd = Modes()
  /// What `global-restart` needs.
  public var globalRestart = GlobalRestart()
  /// What `truncated-global` needs.
  public var truncatedGlobal = TruncatedGlobal()
  /// The optimizer of the hyperparameters.
  public var outer = Outer()
  /// Where θ₀ comes from.
  public var initial = Initial()
  /// How the work is spread over ranks.
  public var parallel = Parallel()
  /// What to do when a number is not finite.
  public var divergence = Divergence()
  /// When the test set is looked at.
  public var evaluation = Evaluation()
  /// When the state is saved.
  public var checkpoint = Checkpoint()
  /// How silent ranks are noticed.
  public var watchdog = Watchdog()
  /// The floating-point type of the training.
  public var precision = Precision.float
  /// How convolutions and matrix products read their operands.
  public var compute = ComputePrecision.full
  /// The key of everything random.
  public var seed: UInt64 = 0

  /// The defaults.
  public init() {}
}

extension Configuration {
  /// What is optimised.
  public enum Task: String, CaseIterable, Sendable {
    /// The hyperparameters of the inner optimizer.
    case optimizer
    /// The weights of the training examples, by a network that sees their losses.
    case reweighting
    /// One weight for each class of training examples.
    case classWeights = "class-weights"
  }

  /// The network that is trained.
  public enum Network: Equatable, Sendable {
    /// The paper's LeNet: 15 386 parameters for ten classes of 28×28 images.
    case lenet
    /// A wide residual network with group normalisation, for 32×32 images in colour.
    case wideResNet(depth: Int, width: Int)
  }

  /// How the local hypergradients are computed.
  public enum Mode: String, CaseIterable, Sendable {
    /// The cheaper one.
    case auto
    /// One column for each tuned hyperparameter.
    case forward
    /// One adjoint for each observed step.
    case reverse
  }

  /// The floating-point type of the training.
  public enum Precision: String, CaseIterable, Sendable {
    /// Trains.
    case float
    /// Verifies.
    case double
  }
}
