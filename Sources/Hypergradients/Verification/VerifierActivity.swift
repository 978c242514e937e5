/// What a verifier is at.
public struct VerifierActivity: Equatable, Sendable {
  /// The kinds of training that verifying consists of.
  public enum Kind: Equatable, Sendable {
    /// The run itself, with all families of columns.
    case run
    /// From a window's end on with φ frozen, to the truth.
    case truth
    /// A training with one entry of φ moved: which one, from 1, of how many.
    case difference(Int, of: Int)
  }

  /// What is trained.
  public let kind: Kind
  /// The window it is about, from 1.
  public let window: Int
  /// The inner steps it takes.
  public let steps: Int
}
