import DynamicModes

/// A window with its families' estimates and the true hypergradient.
public struct VerifiedWindow: Equatable, Sendable {
  /// A family of columns.
  public struct Family: Equatable, Sendable {
    /// Its factor at every window's start; 0 for the reset family.
    public let decay: Carry
    /// h after each observed step, `[σ, q]` row-major.
    public let trajectory: [Double]
    /// The estimators' answers.
    public let answers: FamilyAnswers
  }

  /// A derivative by central differences, from trainings without columns.
  public struct Difference: Equatable, Sendable {
    /// The index j of the perturbed entry of φ.
    public let entry: Int
    /// (L̃(φ + ε e_j) − L̃(φ − ε e_j)) / 2ε with L̃ averaged over the truth's steps; NaN if either
    /// training diverged.
    public let value: Double
  }

  /// The window's number, from 1.
  public let window: Int
  /// Its inner steps, from 1.
  public let steps: ClosedRange<Int>
  /// The step after which the truth is taken.
  public let end: Int
  /// φ and the fixed values in the window, frozen for the truth.
  public let hyperparameters: Hyperparameters
  /// The mean validation loss over the truth's last steps.
  public let finalLoss: Double
  /// The families, by ascending decay; empty except on the root rank.
  public let families: [Family]
  /// The truth; nil except on the root rank, and if the training diverged.
  public let truth: GlobalHypergradient?
  /// Where columns are not φ's own: the cosine between h at the window's end, mapped from the reset
  /// columns, and the exact h from adjoints; nil except on the root rank.
  public let mappedCosine: Double?
  /// Finite differences, if requested; on every rank.
  public let differences: [Difference]
}
