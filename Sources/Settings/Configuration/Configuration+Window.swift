import DynamicModes
import Hypergradients

extension Configuration {
  /// The inner steps between two updates of the hyperparameters.
  package struct Window: Equatable, Sendable {
    /// τ: inner steps in a window.
    package var length = 50
    /// σ: the last steps of a window at which the hypergradient is taken.
    package var observed = 20
    /// What becomes of the tangents from one window to the next: Z ← carry · Z.
    package var carry: Carry = 0

    /// The defaults.
    package init() {}
  }

  /// The Hankel dynamic mode decomposition and the affine fit.
  package typealias Modes = DynamicModeSettings
}

extension ModeKind: SettingValue {}
extension AmplitudeFit: SettingValue {}

extension RankRule: SettingValue {
  static var kind: String { "full, fixed N, energy SHARE or hard-threshold" }
  static var choices: [String] { ["full", "fixed", "energy", "hard-threshold"] }

  static func read(_ scalar: YAMLScalar) -> RankRule? { scalar.text.flatMap { RankRule($0) } }

  package var printed: String {
    switch self {
    case .full: "full"
    case .fixed(let rank): "fixed \(rank)"
    case .energy(let share): "energy \(share.printed)"
    case .hardThreshold: "hard-threshold"
    }
  }
}

extension Legal where Value == RankRule {
  static var rankRule: Legal {
    Legal(
      words: "\(RankRule.kind), with N \(RankRule.legalCounts) and SHARE \(RankRule.legalShares)"
    ) { $0.complaint == nil }
  }
}

extension Carry: SettingValue {
  static var kind: String { "a number, or remaining" }
  static var choices: [String] { ["remaining"] }

  static func read(_ scalar: YAMLScalar) -> Carry? {
    Double.read(scalar).map { .decay($0) } ?? (scalar.text == "remaining" ? .remaining : nil)
  }

  var printed: String {
    switch self {
    case .decay(let decay): decay.printed
    case .remaining: description
    }
  }
}

extension Legal where Value == Carry {
  static var carry: Legal {
    Legal(words: "a number \(Carry.legalDecays), or remaining") { $0.complaint == nil }
  }
}

extension Configuration.Window {
  package static let settings = [
    Setting(
      "window.length", \.window.length, legal: .range(TuningSettings.legalWindows),
      unit: "inner steps",
      source: .paper, "τ: inner steps between two updates (paper: 50)."),
    Setting(
      "window.observed", \.window.observed, legal: .range(TuningSettings.legalObserved),
      unit: "inner steps", source: .ours,
      "σ: the last steps of a window at which the hypergradient is taken."),
    Setting(
      "window.carry", \.window.carry, legal: .carry, source: .ours,
      "The decay of the tangents at a window's start: 0 resets them (the paper's), 1 never forgets; "
        + "remaining: 1 - length / steps left, so that they remember as far as training goes on."),
  ]
}

extension Configuration.Modes {
  package static let settings = [
    Setting(
      "dmd.stacks", \.dmd.stacks, legal: .range(Self.legalStacks), unit: "hypergradients",
      source: .paper,
      "m: consecutive hypergradients in a column of the Hankel matrix (paper: 10)."),
    Setting(
      "dmd.rank", \.dmd.rank, legal: .rankRule, source: .ours,
      "How many singular values are kept."),
    Setting(
      "dmd.tolerance", \.dmd.tolerance, legal: .range(Self.legalTolerances), source: .ours,
      "A mode with ||λ| − 1| up to this is read as λ = 1."),
    Setting(
      "dmd.modes", \.dmd.modes, source: .ours, "Which modes: UW (projected) or YVΣ⁻¹WΛ⁻¹ (exact)."),
    Setting(
      "dmd.amplitudes", \.dmd.amplitudes, source: .ours,
      "What the amplitudes are fitted to: all snapshots or the first one."),
    Setting(
      "dmd.condition", \.dmd.conditionLimit, legal: .range(Self.legalConditions), source: .ours,
      "An eigenbasis conditioned worse than this is not trusted: tail-mean is used."),
    Setting(
      "dmd.cap", \.dmd.cap, legal: .range(Self.legalCaps),
      unit: "in units of the largest hypergradient", source: .ours,
      "An estimate farther than this from the tail mean is not trusted either."),
    Setting(
      "dmd.ridge", \.dmd.ridge, legal: .range(Self.legalRidges), source: .ours,
      "affine: the ridge, relative to the mean square of a direction."),
    Setting(
      "dmd.directions", \.dmd.affineDirections, legal: .range(Self.legalDirections), source: .ours,
      "affine: the most POD directions in which the map is fitted."),
  ]
}
