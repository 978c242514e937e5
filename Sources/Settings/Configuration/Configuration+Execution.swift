import Hypergradients
import MessagePassing

extension Configuration {
  /// Where the training starts.
  package struct Initial: Equatable, Sendable {
    /// A safetensors file with θ₀; nil: what an own model's file has, or else drawn with the seed.
    package var parameters: String?
    /// Whether the parameters of an own model are drawn with the seed, too.
    package var draw = false

    /// The defaults.
    package init() {}
  }

  /// How the work is spread over ranks.
  package struct Parallel: Equatable, Sendable {
    /// More ranks than any machine has cores for.
    package static let mostRanks = 1_000_000

    /// Column groups × data groups.
    package var grid = Grid.auto
    /// Images that go through the network together; the unit of the reproducible sum.
    package var shard = 16
    /// How gradients are added over ranks.
    package var sums = SummationMode.reproducible
    /// Threads of a rank inside BLAS and oneDNN.
    package var threads = 1
    /// Megabytes (10⁶ bytes) of a rank for the trajectory of a window; reverse mode alone.
    package var trajectoryMemory = 2000

    /// The defaults.
    package init() {}

    /// The shape of the process grid.
    package enum Grid: Equatable, Sendable {
      /// Chosen by a cost model.
      case auto
      /// This many groups of columns times this many groups of data.
      case fixed(columns: Int, data: Int)
    }
  }

  /// When a loss or a hypergradient is not finite.
  package typealias Divergence = DivergenceSettings

  /// When the test set is looked at.
  package struct Evaluation: Equatable, Sendable {
    /// Windows between two looks; nil: only at the end.
    package var interval: Int?
    /// Whether to train once more with the initial hyperparameters, to say what was gained.
    package var baseline = true

    /// The defaults.
    package init() {}

    /// Whether the test set is looked at after a window.
    package func isDue(after window: Int) -> Bool { interval.map { window % $0 == 0 } ?? false }
  }
}

extension SummationMode: SettingValue {}
extension DivergencePolicy: SettingValue {}

extension Configuration.Parallel.Grid: SettingValue {
  package static var kind: String { "auto or COLUMNSxDATA such as 2x4" }

  package static func read(_ scalar: YAMLScalar) -> Configuration.Parallel.Grid? {
    guard let text = scalar.text else { return nil }
    if text == "auto" { return .auto }
    let sides = text.split(separator: "x", omittingEmptySubsequences: false)
    guard sides.count == 2, let columns = Int(sides[0]), let data = Int(sides[1]), columns >= 1,
      data >= 1, columns <= Configuration.Parallel.mostRanks,
      data <= Configuration.Parallel.mostRanks,
      columns * data <= Configuration.Parallel.mostRanks
    else { return nil }
    return .fixed(columns: columns, data: data)
  }

  package var printed: String {
    switch self {
    case .auto: "auto"
    case .fixed(let columns, let data): "\(columns)x\(data)"
    }
  }
}

extension Configuration.Initial {
  package static let settings = [
    Setting(
      "initial.parameters", \.initial.parameters,
      "A safetensors file with the network's parameters; null: drawn with the seed, or those in the "
        + "file of an own model."),
    Setting(
      "initial.draw", legal: .all, source: .ours,
      "Draw the parameters of an own model with the seed, as PyTorch would, instead of those in its "
        + "file.",
      get: { $0.network.path == nil ? nil : $0.initial.draw }, set: { $0.initial.draw = $1 }),
  ]
}

extension Configuration.Parallel {
  package static let settings = [
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
  package static let settings = [
    Setting(
      "divergence.policy", \.divergence.policy, source: .ours,
      "retreat: back to the window's start with a smaller learning rate; stop: end the run."),
    Setting(
      "divergence.retreats", \.divergence.retreats, legal: .range(Self.legalRetreats),
      source: .ours, "Retreats in the whole run before giving up."),
    Setting(
      "divergence.shrink", \.divergence.shrink, legal: .range(Self.legalShrinks), source: .ours,
      "What the learning rate is multiplied by at a retreat."),
    Setting(
      "divergence.rise", \.divergence.rise, legal: Legal.range(Self.legalRises).orNull(),
      unit: "times the untrained network's", source: .ours,
      "A validation loss after a window above this is a divergence too; null, and with "
        + "initial.parameters or those of an own model: only one that is not finite."),
  ]
}

extension Configuration.Evaluation {
  package static let settings = [
    Setting(
      "evaluation.interval", \.evaluation.interval,
      legal: Legal.from(1, to: 1_000_000_000).orNull(),
      unit: "windows", "Windows between two looks at the test set; null: only at the end."),
    Setting(
      "evaluation.baseline", \.evaluation.baseline,
      "Train once more with the initial hyperparameters, to say what tuning gained."),
  ]
}
