/// How the hyperparameters are updated; see the table in `docs/methods.md` for the cost of each.
///
/// A name for a rule. A new method is a file with its `MethodRule` and a place in `allCases`.
public struct Method: RawRepresentable, CaseIterable, Hashable, Sendable,
  CustomStringConvertible
{
  /// All methods, in the order in which they are listed.
  public static let allCases: [Method] = [
    .none, .local, .glocal, .global, .globalRestart, .truncatedGlobal, .implicit,
  ]

  /// What it does and what that costs.
  public let rule: any MethodRule

  init(_ rule: any MethodRule) { self.rule = rule }

  /// The method of that name, or nil.
  public init?(rawValue: String) {
    guard let method = Method.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = method
  }

  /// What it is called.
  public var rawValue: String { rule.name }

  /// The name.
  public var description: String { rawValue }

  /// Whether the names are the same.
  public static func == (left: Method, right: Method) -> Bool { left.rawValue == right.rawValue }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
