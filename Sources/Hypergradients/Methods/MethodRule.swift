import DynamicModes

/// How a method runs windows, and what it costs.
///
/// A rule is stateless: its answers depend only on the settings and on the run's progress.
public protocol MethodRule: Sendable {
  /// The method's name.
  var name: String { get }

  /// The only differentiation mode that the method supports; nil if the user may choose.
  var mode: DifferentiationMode? { get }

  /// Whether φ is updated at all.
  var movesHyperparameters: Bool { get }

  /// Whether an update uses the limit of several hypergradients rather than the last one.
  var estimatesLimit: Bool { get }

  /// Whether every window is a complete training from θ₀.
  var startsAnew: Bool { get }

  /// Whether a window's hypergradient estimate depends on that window alone, so it can be verified.
  var goesByWindows: Bool { get }

  /// The maximum number of steps of a window attempt after which h is taken, at least 1.
  func observed(_ settings: TuningSettings) -> Int

  /// The number of steps from where φ's influence begins to where h is last taken, however much
  /// training is left.
  func stretch(_ settings: TuningSettings) -> Int

  /// How the next window is trained.
  ///
  /// - Parameters:
  ///   - windows: the number of completed windows.
  ///   - remaining: T − t, the inner steps that are left.
  ///   - settings: the run's settings.
  func plan(after windows: Int, remaining: Int, _ settings: TuningSettings) -> WindowPlan

  /// The number of updates of φ in the first `windows` windows.
  func updates(in windows: Int, _ settings: TuningSettings) -> Int

  /// The number of windows before the current playout, after `windows` windows; nil outside a
  /// playout.
  func playoutStart(after windows: Int, _ settings: TuningSettings) -> Int?

  /// Whether columns may have to be carried from one window to the next.
  func carriesColumns(_ settings: TuningSettings) -> Bool

  /// What depends on the number of remaining steps, so that a longer training would have differed
  /// from the start; nil if nothing does.
  func foresight(_ settings: TuningSettings) -> Foresight?

  /// The cost of a window on one rank, in passes over a minibatch.
  ///
  /// - Parameters:
  ///   - remaining: the inner steps from its start to the end of training.
  ///   - settings: the run's settings.
  ///   - prices: the costs of its parts.
  func cost(remaining: Int, _ settings: TuningSettings, _ prices: WindowPrices) -> Double

  /// What is wrong with one of the method's own settings, or nil.
  func complaint(_ settings: TuningSettings) -> Complaint<TuningSettings>?
}

/// The parts of a run that may depend on the end of training.
public enum Foresight: Sendable {
  /// The columns' decay at a window's start.
  case carry
  /// The estimator of the limit.
  case estimator
  /// The method itself.
  case method
}

/// How a window is trained from its start, with φ unchanged.
public struct WindowPlan: Equatable, Sendable {
  /// The factor applied to the columns, in [0, 1]; nil if they continue unchanged.
  public var carry: Double?
  /// The number of inner steps of the window.
  public var steps: Int
  /// The number of steps after the window that are rolled back.
  public var playout = 0
  /// The number of last steps, playout included, after which h is taken.
  public var observed: Int
}

/// The costs of a window's parts, in passes over a minibatch: one gradient is 1.
public struct WindowPrices {
  /// Inner steps with their columns, or with the backward pass over them.
  public let training: (_ steps: Int, _ observed: Int) -> Double
  /// A validation gradient; an evaluation, the forward pass alone, costs a third of it.
  public let validation: Double

  /// Creates prices from both costs.
  public init(
    validation: Double, training: @escaping (_ steps: Int, _ observed: Int) -> Double
  ) {
    self.validation = validation
    self.training = training
  }
}

// Defaults for a method whose windows start with the carried columns and end with an update.
extension MethodRule {
  /// Defaults to nil: either mode.
  public var mode: DifferentiationMode? { nil }

  /// Defaults to true.
  public var movesHyperparameters: Bool { true }

  /// Defaults to false.
  public var estimatesLimit: Bool { false }

  /// Defaults to false.
  public var startsAnew: Bool { false }

  /// Defaults to false.
  public var goesByWindows: Bool { false }

  /// Defaults to 1.
  public func observed(_ settings: TuningSettings) -> Int { 1 }

  /// Defaults to one window.
  public func stretch(_ settings: TuningSettings) -> Int { settings.window }

  /// Defaults to one update after every window.
  public func updates(in windows: Int, _ settings: TuningSettings) -> Int { windows }

  /// Defaults to nil: no playout.
  public func playoutStart(after windows: Int, _ settings: TuningSettings) -> Int? { nil }

  /// Defaults to whether the carry keeps columns.
  public func carriesColumns(_ settings: TuningSettings) -> Bool { !settings.carry.isReset }

  /// Defaults to that of the carry.
  public func foresight(_ settings: TuningSettings) -> Foresight? {
    settings.carry == .remaining ? .carry : nil
  }

  /// Defaults to nil.
  public func complaint(_ settings: TuningSettings) -> Complaint<TuningSettings>? { nil }
}
