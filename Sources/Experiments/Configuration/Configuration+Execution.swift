import Hypergradients
import MessagePassing

extension Configuration {
  /// Where the training starts.
  public struct Initial: Equatable, Sendable {
    /// A safetensors file with θ₀; nil draws θ₀ with the seed.
    public var parameters: String?

    /// The defaults.
    public init() {}
  }

  /// How the work is spread over ranks.
  public struct Parallel: Equatable, Sendable {
    /// Column groups × data groups.
    public var grid = Grid.auto
    /// Images that go through the network together; the unit of the reproducible sum.
    public var shard = 16
    /// How gradients are added over ranks.
    public var sums = SummationMode.reproducible
    /// Threads of a rank inside BLAS and oneDNN.
    public var threads = 1
    /// Megabytes (10⁶ bytes) of a rank for the trajectory of a window; reverse mode alone.
    public var trajectoryMemory = 2000

    /// The defaults.
    public init() {}

    /// The shape of the process grid.
    public enum Grid: Equatable, Sendable {
      /// Chosen by a cost model.
      case auto
      /// This many groups of columns times this many groups of data.
      case fixed(columns: Int, data: Int)
    }
  }

  /// When a loss or a hypergradient is not finite.
  public struct Divergence: Equatable, Sendable {
    /// What to do.
    public var policy = DivergencePolicy.retreat
    /// Retreats in the whole run before giving up.
    public var retreats = 5
    /// What the learning rate is multiplied by at a retreat.
    public var shrink = 0.5
    /// What multiple of the untrained network's validation loss is a divergence too; nil: none.
    public var rise: Double?

    /// The defaults.
    public init() {}
  }

  /// When the test set is looked at.
  public struct Evaluation: Equatable, Sendable {
    /// Windows between two looks; nil: only at the end.
    public var interval: Int?
    /// Whether to train once more with the initial hyperparameters, to say what was gained.
    public var baseline = true

    /// The defaults.
    public init() {}

    /// Whether the test set is looked at after a window.
    func isDue(after window: Int) -> Bool { interval.map { window % $0 == 0 } ?? false }
  }
}

extension SummationMode: SettingValue {}
extension DivergencePolicy: SettingValue {}

extension Configuration.Parallel.Grid: SettingValue {
  static var kind: String { "auto or COLUMNSxDATA such as 2x4" }

  static func read(_ scalar: YAMLScalar) -> Configuration.Parallel.Grid? {
    guard let text = scalar.text else { return nil }
    if text == "auto" { return .auto }
    let sides = text.split(separator: "x", omittingEmptySubsequences: false)
    guard sides.count == 2, let columns = Int(sides[0]), let data = Int(sides[1]), columns >= 1,
      data >= 1, columns <= RankCount.most, data <= RankCount.most,
      columns * data <= RankCount.most
    else { return nil }
    return .fixed(columns: columns, data: data)
  }

  var printed: String {
    switch self {
    case .auto: "auto"
    case .fixed(let columns, let data): "\(columns)x\(data)"
    }
  }
}

extension Configuration.Initial {
  static let settings = [
    Setting(
      "initial.parameters", \.initial.parameters,
      "A safetensors file with the network's parameters; null: drawn with the seed.")
  ]
}

extension Configuration.Parallel {
  static let settings = [
    Setting(
      "parallel.grid", \.parallel.grid,
      "Groups of hyperparameter columns x groups of minibatch shards; auto: by a cost model."),
    Setting(
      "parallel.shard", \.parallel.shard, legal: .from(1, to: 65536), unit: "images",
      "Images that go through the network together; decides the last bits, as the seed does."),
    Setting(
      "parallel.sums", \.parallel.sums,
      "reproducible: the same bits on any number of ranks; allreduce: MPI's own sum."),
    Setting(
      "parallel.threads", \.parallel.threads, legal: .from(1, to: 1024), unit: "threads",
      "Threads of each rank inside BLAS and oneDNN."),
    Setting(
      "parallel.trajectory-memory", \.parallel.trajectoryMemory, legal: .from(1, to: 1_000_000_000),
      unit: "megabytes",
      "Reverse mode: what a rank may keep of a window; beyond it, steps are trained twice."),
  ]
}

extension Configuration.Divergence {
  static let settings = [
    Setting(
      "divergence.policy", \.divergence.policy, source: .ours,
      "retreat: back to the window's start with a smaller learning rate; stop: end the run."),
    Setting(
      "divergence.retreats", \.divergence.retreats, legal: .from(0, to: 1000), source: .ours,
      "Retreats in the whole run before giving up."),
    Setting(
      "divergence.shrink", \.divergence.shrink, legal: .above(0, below: 1), source: .ours,
      "What the learning rate is multiplied by at a retreat."),
    Setting(
      "divergence.rise", \.divergence.rise, legal: Legal.from(1, to: 1_000_000).orNull(),
      unit: "times the untrained network's", source: .ours,
      "A validation loss after a window above this is a divergence too; null, and with "
        + "initial.parameters: only one that is not finite."),
  ]
}

extension Configuration.Evaluation {
  static let settings = [
    Setting(
      "evaluation.interval", \.evaluation.interval,
      legal: Legal.from(1, to: 1_000_000_000).orNull(),
      unit: "windows", "Windows between two looks at the test set; null: only at the end."),
    Setting(
      "evaluation.baseline", \.evaluation.baseline,
      "Train once more with the initial hyperparameters, to say what tuning gained."),
  ]
}
