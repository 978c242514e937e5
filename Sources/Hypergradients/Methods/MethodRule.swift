import DynamicModes

/// What a method makes of a run, and what it costs.
///
/// A rule has no state: what it answers follows from the settings and from how far the run has come.
public protocol MethodRule: Sendable {
  /// What the method is called.
  var name: String { get }

  /// The only way in which its hypergradients can be computed; nil where there is a choice.
  var mode: DifferentiationMode? { get }

  /// Whether φ moves at all.
  var movesHyperparameters: Bool { get }

  /// Whether an update goes by the limit of several hypergradients instead of by the last one.
  var estimatesLimit: Bool { get }

  /// Whether every window is a whole training from θ₀.
  var startsAnew: Bool { get }

  /// Whether what a window says of φ comes of that window alone, so that it can be verified.
  var goesByWindows: Bool { get }

  /// The most steps of an attempt at a window after which h is taken, at least 1.
  func observed(_ settings: TuningSettings) -> Int

  /// The steps from where φ's influence begins to where it is read for the last time, whatever is left
  /// of the training.
  func stretch(_ settings: TuningSettings) -> Int

  /// How the next window is trained.
  ///
  /// - Parameters:
  ///   - windows: the windows completed.
  ///   - remaining: T − t, the inner steps that are left.
  ///   - settings: of the run.
  func plan(after windows: Int, remaining: Int, _ settings: TuningSettings) -> WindowPlan

  /// The updates of φ in some windows from the first one on.
  func updates(in windows: Int, _ settings: TuningSettings) -> Int

  /// The windows before the playout that is under way after some windows; nil where none is.
  func playoutStart(after windows: Int, _ settings: TuningSettings) -> Int?

  /// Whether columns may have to go on from one window to the next.
  func carriesColumns(_ settings: TuningSettings) -> Bool

  /// What has gone by the steps to come, so that a longer training would have been another one from its
  /// start; nil where nothing has.
  func foresight(_ settings: TuningSettings) -> Foresight?

  /// What a window costs on one rank, in passes over a minibatch.
  ///
  /// - Parameters:
  ///   - remaining: the inner steps from its start to the end of training.
  ///   - settings: of the run.
  ///   - prices: what its parts cost.
  func cost(remaining: Int, _ settings: TuningSettings, _ prices: WindowPrices) -> Double

  /// What is wrong with a setting of its own, or nil.
  func complaint(_ settings: TuningSettings) -> Complaint<TuningSettings>?
}

/// What can look ahead to the end of training.
public enum Foresight: Sendable {
  /// What is left of the columns at a window's start.
  case carry
  /// The estimator of the limit.
  case estimator
  /// The method itself.
  case method
}

/// How a window is trained, from its start and with φ where it is.
public struct WindowPlan: Equatable, Sendable {
  /// What is left of φ's influence so far, in [0, 1]; nil where it just goes on.
  public var carry: Double?
  /// The inner steps of the window.
  public var steps: Int
  /// The steps after it that are taken back.
  public var playout = 0
  /// After how many of all these steps, the last ones, h is taken.
  public var observed: Int
}

/// What a window is made of, in passes over a minibatch: one gradient is 1.
public struct WindowPrices {
  /// Inner steps with their columns, or with the way back over them.
  public let training: (_ steps: Int, _ observed: Int) -> Double
  /// A validation gradient; an evaluation is a third of it, the way forward alone.
  public let validation: Double

  /// Prices.
  public init(
    validation: Double, training: @escaping (_ steps: Int, _ observed: Int) -> Double
  ) {
    self.validation = validation
    self.training = training
  }
}

// What holds for a method whose windows start with the carried columns and end with an update.
extension MethodRule {
  /// A choice.
  public var mode: DifferentiationMode? { nil }

  /// True.
  public var movesHyperparameters: Bool { true }

  /// False.
  public var estimatesLimit: Bool { false }

  /// False.
  public var startsAnew: Bool { false }

  /// False.
  public var goesByWindows: Bool { false }

  /// One.
  public func observed(_ settings: TuningSettings) -> Int { 1 }

  /// A window.
  public func stretch(_ settings: TuningSettings) -> Int { settings.window }

  /// One after every window.
  public func updates(in windows: Int, _ settings: TuningSettings) -> Int { windows }

  /// None.
  public func playoutStart(after windows: Int, _ settings: TuningSettings) -> Int? { nil }

  /// Those that are not reset.
  public func carriesColumns(_ settings: TuningSettings) -> Bool { !settings.carry.isReset }

  /// That of the carry.
  public func foresight(_ settings: TuningSettings) -> Foresight? {
    settings.carry == .remaining ? .carry : nil
  }

  /// None.
  public func complaint(_ settings: TuningSettings) -> Complaint<TuningSettings>? { nil }
}
