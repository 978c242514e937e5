import DynamicModes

/// A window with what its families say and what is true.
public struct VerifiedWindow: Equatable, Sendable {
  /// A family of columns.
  public struct Family: Equatable, Sendable {
    /// What it was multiplied by at every window's start; 0 for the reset one.
    public let decay: Carry
    /// h after each observed step, `[σ, q]` row-major.
    public let trajectory: [Double]
    /// What the estimators make of it.
    public let answers: FamilyAnswers
  }

  /// A derivative by central differences of trainings without columns.
  public struct Difference: Equatable, Sendable {
    /// The entry j of φ that was moved.
    public let entry: Int
    /// (L̃(φ + ε e_j) − L̃(φ − ε e_j)) / 2ε with L̃ averaged over the truth's steps; NaN where one of
    /// the trainings diverged.
    public let value: Double
  }

  /// The window's number, from 1.
  public let window: Int
  /// Its inner steps, from 1.
  public let steps: ClosedRange<Int>
  /// The step after which the truth is read.
  public let end: Int
  /// φ and the fixed values in the window, frozen for the truth.
  public let hyperparameters: Hyperparameters
  /// The mean validation loss over the truth's last steps.
  public let finalLoss: Double
  /// The families, by rising decay; on the root rank, empty on the others.
  public let families: [Family]
  /// The truth; on the root rank, nil on the others and where the training diverged.
  public let truth: GlobalHypergradient?
  /// Where columns are not φ's own: the cosine of h at the window's end, mapped from the reset columns,
  /// with the exact one from adjoints; on the root rank, nil elsewhere.
  public let mappedCosine: Double?
  /// Finite differences, where they were asked for; on every rank.
  public let differences: [Difference]
}
