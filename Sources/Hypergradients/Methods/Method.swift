/// How the hyperparameters are updated; see the table in `docs/methods.md` for the cost of each.
///
/// A name with its rule. To add a method, write a file with its `MethodRule` and add it to
/// `allCases`.
public struct Method: RawRepresentable, CaseIterable, Hashable, Sendable,
  CustomStringConvertible
{
  /// All methods, in listing order.
  public static let allCases: [Method] = [
    .none, .local, .glocal, .global, .globalRestart, .truncatedGlobal, .implicit,
  ]

  /// What the method does and what it costs.
  public let rule: any MethodRule

  init(_ rule: any MethodRule) { self.rule = rule }

  /// The method of that name, or nil.
  public init?(rawValue: String) {
    guard let method = Method.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = method
  }

  /// The method's name.
  public var rawValue: String { rule.name }

  /// The name.
  public var description: String { rawValue }

  /// Compares the names.
  public static func == (left: Method, right: Method) -> Bool { left.rawValue == right.rawValue }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
