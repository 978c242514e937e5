/// An estimator of a trajectory's limit; every window computes all of them.
///
/// A name with its rule. To add an estimator, write a file with its `EstimatorRule` and add it to
/// `allCases`.
public struct Estimator: RawRepresentable, CaseIterable, Hashable, Sendable,
  CustomStringConvertible
{
  /// All estimators, in listing order.
  public static let allCases: [Estimator] = [.last, .tailMean, .dmd, .dmdHorizon, .affine]

  private let rule: any EstimatorRule

  init(_ rule: any EstimatorRule) { self.rule = rule }

  /// The estimator with that name, or nil.
  public init?(rawValue: String) {
    guard let estimator = Self.allCases.first(where: { $0.rawValue == rawValue }) else {
      return nil
    }
    self = estimator
  }

  /// The estimator's name.
  public var rawValue: String { rule.name }

  /// The name.
  public var description: String { rawValue }

  /// The minimum number of observed steps that the estimator needs.
  public func stepsNeeded(_ settings: DynamicModeSettings) -> Int { rule.stepsNeeded(settings) }

  /// Whether the estimate depends on the number of remaining steps.
  public var looksAhead: Bool { rule.looksAhead }

  /// See `EstimatorRule`.
  func reading(of trajectory: ObservedTrajectory) -> (_ tolerance: Double) -> EstimatorAnswer {
    rule.reading(of: trajectory)
  }

  /// Compares the names.
  public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
