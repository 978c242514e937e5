/// Why a run cannot start, or has to end: a sentence and the remedy.
package struct RunError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, and what to do.
  package let description: String

  /// An error with its sentence.
  package init(_ description: String) { self.description = description }
}
