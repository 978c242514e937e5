/// How the limit of a trajectory is read off; every window computes them all.
///
/// A name for a rule. A new estimator is a file with its `EstimatorRule` and a place in `allCases`.
public struct Estimator: RawRepresentable, CaseIterable, Hashable, Sendable,
  CustomStringConvertible
{
  /// All estimators, in the order in which they are listed.
  public static let allCases: [Estimator] = [.last, .tailMean, .dmd, .dmdHorizon, .affine]

  private let rule: any EstimatorRule

  init(_ rule: any EstimatorRule) { self.rule = rule }

  /// The estimator of that name, or nil.
  public init?(rawValue: String) {
    guard let estimator = Self.allCases.first(where: { $0.rawValue == rawValue }) else {
      return nil
    }
    self = estimator
  }

  /// What it is called.
  public var rawValue: String { rule.name }

  /// The name.
  public var description: String { rawValue }

  /// The fewest observed steps from which it gives what its name says.
  public func stepsNeeded(_ settings: DynamicModeSettings) -> Int { rule.stepsNeeded(settings) }

  /// Whether its answer depends on how many steps remain.
  public var looksAhead: Bool { rule.looksAhead }

  /// See the rule's.
  func reading(of trajectory: ObservedTrajectory) -> (_ tolerance: Double) -> EstimatorAnswer {
    rule.reading(of: trajectory)
  }

  /// Whether the names are the same.
  public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
