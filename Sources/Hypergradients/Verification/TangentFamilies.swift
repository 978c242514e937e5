/// Several families of columns alongside one training: one is reset at every window's start, the
/// others are carried over it, each with its own decay.
///
/// To the tuner it is a source like any other, following the family with the tuner's own carry; the
/// training and that family's numbers are bitwise the same as without the others.
final class TangentFamilies<Problem: InnerProblem>: HypergradientSource {
  typealias Number = Problem.Number

  let mode = DifferentiationMode.forward
  let origin: TrainingOrigin<Number>? = nil
  /// Each family's factor at a window's start: `[families]`, 0 first.
  let decays: [Carry]
  /// The observations of the last observed window, σ of them.
  private(set) var observations: [Stretch.Observation] = []
  /// This rank's columns of h in the same window, `[observations, families, columns]`.
  private var hypergradients: [Double] = []
  private let columns: ForwardColumns<Problem>
  private let followed: Int
  private var wanted = 0
  private var hasAdvanced = false

  /// - Parameters:
  ///   - training: the problem, its optimizer and its ranks.
  ///   - carried: the decays besides 0.
  ///   - carry: the decay of the family that the tuner sees; added if missing.
  init(_ training: InnerTraining<Problem>, carried: [Carry], followed carry: Carry) {
    decays = Self.decays(carried, followed: carry)
    followed = decays.firstIndex(of: carry) ?? 0
    columns = ForwardColumns(training, columns: training.ownColumns, families: decays.count)
  }

  /// 0 and the other decays, without duplicates, ascending.
  static func decays(_ carried: [Carry], followed carry: Carry) -> [Carry] {
    Set(carried + [0, carry]).sorted()
  }

  /// The number of this rank's columns over all families.
  var tangentCount: Int { columns.tangents.count }

  /// The tangent indices of a family.
  func tangents(ofFamily family: Int) -> Range<Int> {
    family * columns.columns.count..<(family + 1) * columns.columns.count
  }

  /// This rank's columns of h in the last observed window, `[observations, columns]`.
  func trajectory(ofFamily family: Int) -> [Double] {
    guard tangentCount > 0 else { return [] }
    let range = tangents(ofFamily: family)
    return stride(from: 0, to: hypergradients.count, by: tangentCount).flatMap { row in
      hypergradients[row + range.lowerBound..<row + range.upperBound]
    }
  }

  /// Begins a window.
  ///
  /// - Parameters:
  ///   - observed: σ, the number of last steps after which all families are read; 0 for none.
  ///   - settings: the run's T and τ.
  func begin(
    _ state: TrainingState<Number>, observing observed: Int, in settings: TuningSettings
  ) {
    let remaining = settings.steps - state.step
    for (family, decay) in decays.enumerated() {
      state.scaleTangents(
        tangents(ofFamily: family),
        by: decay.factor(window: settings.window, remaining: remaining))
    }
    wanted = observed
    hasAdvanced = false
    columns.beginWindow()
  }

  /// Does nothing at a window's start, which `begin` handles; in a retreat from a diverged window
  /// it sets all columns to zero, since they belong to another φ.
  func restart(_ state: TrainingState<Number>, carry: Double, steps: Int) {
    guard hasAdvanced else { return }
    state.scaleTangents(by: 0)
    columns.beginWindow()
  }

  /// Takes some steps with all families and returns what the tuner asked for.
  func advance(
    _ state: inout TrainingState<Number>, steps: Int, observed: Int,
    hyperparameters: Hyperparameters
  ) throws -> Stretch {
    hasAdvanced = true
    var stretch = try columns.advance(
      &state, steps: steps, observed: min(steps, max(observed, wanted)),
      hyperparameters: hyperparameters)
    observations = stretch.observations
    hypergradients = stretch.hypergradients
    stretch.observations = Array(observations.suffix(observed))
    stretch.hypergradients = Array(
      trajectory(ofFamily: followed).suffix(observed * columns.columns.count))
    return stretch
  }
}
