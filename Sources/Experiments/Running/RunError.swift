/// Why a run cannot start, or has to end: a sentence and the remedy.
public struct RunError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, and what to do.
  public let description: String

  /// An error with its sentence.
  public init(_ description: String) { self.description = description }
}
