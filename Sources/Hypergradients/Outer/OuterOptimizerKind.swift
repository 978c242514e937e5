/// The outer optimizer that tunes the hyperparameters.
///
/// A name with its optimizer. To add one, write a file with its `OuterRule` and add it to
/// `allCases`.
public struct OuterOptimizerKind: RawRepresentable, CaseIterable, Hashable, Sendable {
  /// All kinds, in listing order.
  public static let allCases: [OuterOptimizerKind] = [.adam, .sgd, .rprop]

  /// The optimizer's name.
  public let rawValue: String
  private let make: @Sendable (OuterSettings) -> OuterOptimizer

  init(_ name: String, _ make: @escaping @Sendable (OuterSettings) -> OuterOptimizer) {
    rawValue = name
    self.make = make
  }

  /// The kind with that name, or nil.
  public init?(rawValue: String) {
    guard let kind = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = kind
  }

  /// Creates the optimizer from the settings it reads.
  public func optimizer(_ settings: OuterSettings) -> OuterOptimizer { make(settings) }

  /// Compares the names.
  public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
