import DynamicModes
import Hypergradients
import Networks
import Tensors

/// Everything that decides the numbers of a run.
///
/// A configuration comes from a preset, a YAML file over it and `--set` over both
/// (``ConfigurationReader``), and is printed as YAML that reads back to the same configuration
/// (``Configuration/yaml(comments:)``). What does not decide the numbers (where the data lies, where
/// the results go) is not here.
///
/// The defaults are those of the preset `glyphs`, except that no hyperparameter is tuned.
package struct Configuration: Equatable, Sendable {
  /// What is optimised.
  package var task = Task.optimizer
  /// The network that is trained.
  package var network = Network.lenet
  /// The dropout rate of the network's hidden layers.
  package var networkDropout = 0.0
  /// Tensors of the network's file that are not trained.
  package var networkFreeze = NamePatterns()
  /// Tensors of the network's file that are trained although they look like constants.
  package var networkTrain = NamePatterns()
  /// What becomes of tensors of the network's file that are equal.
  package var networkTie = Tie.auto
  /// The images.
  package var data = Data()
  /// The training of the network: Ω and T.
  package var inner = Inner()
  /// φ: where each hyperparameter starts and whether it is tuned.
  package var hyperparameters = ConfiguredHyperparameters()
  /// How training examples are weighted.
  package var reweighting = Reweighting()
  /// The window: τ and σ.
  package var window = Window()
  /// How the hyperparameters are updated.
  package var method = Method.glocal
  /// How the local hypergradients are computed.
  package var mode = Mode.auto
  /// What the forward mode has columns for.
  package var columns = Columns.exact
  /// How the limit of a window's hypergradients is read off.
  package var estimator = Estimator.dmd
  /// The Hankel DMD and the affine fit.
  package var dmd = Modes()
  /// What `global-restart` needs.
  package var globalRestart = GlobalRestart()
  /// What `truncated-global` needs.
  package var truncatedGlobal = TruncatedGlobal()
  /// What `implicit` needs.
  package var implicit = Implicit()
  /// The optimizer of the hyperparameters.
  package var outer = Outer()
  /// Where θ₀ comes from.
  package var initial = Initial()
  /// How the work is spread over ranks.
  package var parallel = Parallel()
  /// What to do when a number is not finite.
  package var divergence = Divergence()
  /// When the test set is looked at.
  package var evaluation = Evaluation()
  /// When the state is saved.
  package var checkpoint = Checkpoint()
  /// How silent ranks are noticed.
  package var watchdog = Watchdog()
  /// The floating-point type of the training.
  package var precision = Precision.float
  /// How convolutions and matrix products read their operands.
  package var compute = ComputePrecision.full
  /// The key of everything random.
  package var seed: UInt64 = 0

  /// The defaults.
  package init() {}
}

extension Configuration {
  /// What is optimised.
  package enum Task: String, CaseIterable, Sendable {
    /// The hyperparameters of the inner optimizer.
    case optimizer
    /// The weights of the training examples.
    case reweighting
  }

  /// The network that is trained.
  package enum Network: Equatable, Sendable {
    /// The paper's LeNet: 15 386 parameters for ten classes of 28×28 images.
    case lenet
    /// A wide residual network with group normalisation, for images of any size.
    case wideResNet(depth: Int, width: Int)
    /// A perceptron, recurrent network or transformer.
    case named(NetworkName)
    /// The user's own, in an ONNX file.
    case file(DataPath)
  }

  /// What becomes of tensors of the network's file that are equal, or equal when transposed.
  package enum Tie: String, CaseIterable, Sendable {
    /// They are one parameter.
    case auto
    /// Each is a parameter of its own.
    case off
  }

  /// How the local hypergradients are computed.
  package enum Mode: String, CaseIterable, Sendable {
    /// The cheaper one.
    case auto
    /// One column for each tuned hyperparameter.
    case forward
    /// One adjoint for each observed step.
    case reverse
  }

  /// What the forward mode has columns for.
  package enum Columns: String, CaseIterable, Sendable {
    /// Each tuned hyperparameter.
    case exact
    /// Functions of the loss, for weights that are one.
    case functionSpace = "function-space"
    /// The fewer ones.
    case auto
  }

  /// The floating-point type of the training.
  package enum Precision: String, CaseIterable, Sendable {
    /// Trains.
    case float
    /// Verifies.
    case double
  }
}
