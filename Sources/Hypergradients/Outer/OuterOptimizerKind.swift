/// What moves the hyperparameters.
///
/// A name for an optimizer. A new one is a file with its `OuterRule` and a place in `allCases`.
public struct OuterOptimizerKind: RawRepresentable, CaseIterable, Hashable, Sendable {
  /// All kinds, in the order in which they are listed.
  public static let allCases: [OuterOptimizerKind] = [.adam, .sgd, .rprop]

  /// What it is called.
  public let rawValue: String
  private let make: @Sendable (OuterSettings) -> OuterOptimizer

  init(_ name: String, _ make: @escaping @Sendable (OuterSettings) -> OuterOptimizer) {
    rawValue = name
    self.make = make
  }

  /// The kind of that name, or nil.
  public init?(rawValue: String) {
    guard let kind = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = kind
  }

  /// The optimizer with those of the numbers that it reads.
  public func optimizer(_ settings: OuterSettings) -> OuterOptimizer { make(settings) }

  /// Whether the names are the same.
  public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
