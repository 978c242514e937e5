/// A verifier's current activity.
public struct VerifierActivity: Equatable, Sendable {
  /// The kinds of training in a verification.
  public enum Kind: Equatable, Sendable {
    /// The run itself, with all families of columns.
    case run
    /// The training for the truth: from a window's end, with φ frozen.
    case truth
    /// A training with one entry of φ perturbed: its number, from 1, and the total.
    case difference(Int, of: Int)
  }

  /// The kind of training.
  public let kind: Kind
  /// The window being verified, from 1.
  public let window: Int
  /// The number of inner steps it takes.
  public let steps: Int
}
