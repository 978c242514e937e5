import Differentiation
import Tensors

/// Trains, records the trajectory, and propagates adjoints back over it from every observed step.
///
/// Reverse mode (paper, section 2.1): the adjoint of a step propagates (θ̄, s̄) back through the
/// optimizer to the gradient's adjoint ḡ; the problem computes (∂g/∂θ)ᵀ ḡ and (∂g/∂φ)ᵀ ḡ in the
/// same pass that forward mode uses, with the adjoints as tangents. The backward passes from all
/// observed steps run together, so each minibatch is drawn and differentiated once for all of them.
public final class ReverseAdjoints<Problem: InnerProblem>: HypergradientSource {
  /// The precision of training.
  public typealias Number = Problem.Number

  let mode = DifferentiationMode.reverse
  private let sweep: TrainingSweep<Problem>
  private let memoryLimit: Int
  private let gradient: Jet<Number>
  private let lanes: AdjointLanes<Number>
  /// θ with ḡ of every lane as tangents, for the problem to differentiate along.
  private let direction: Jet<Number>
  private let response: Jet<Number>
  private let lossAdjoints: Buffer<Double>
  private var trajectory: Trajectory<Number>?
  private var replay: TrainingState<Number>?
  private var firstStep = 0
  private let clock = ContinuousClock()

  /// Allocates the adjoints of a rank.
  ///
  /// - Parameters:
  ///   - training: its coordinator assigns this rank its observed steps.
  ///   - observed: σ, the maximum number of steps observed at a time.
  ///   - memoryLimit: the maximum bytes for the trajectory.
  public init(_ training: InnerTraining<Problem>, observed: Int, memoryLimit: Int) {
    sweep = TrainingSweep(training)
    self.memoryLimit = memoryLimit
    let p = training.problem.parameterCount
    let capacity = training.coordinator.rows(of: observed).count
    gradient = Jet(count: p, tangentCount: 0)
    lanes = AdjointLanes(
      capacity: capacity, parameterCount: p, stateCount: training.optimizer.stateCount)
    direction = Jet(count: p, tangentCount: capacity)
    response = Jet(count: p, tangentCount: capacity)
    lossAdjoints = Buffer(count: capacity * training.hyperparameters.loss.count)
  }

  private var training: InnerTraining<Problem> { sweep.training }

  /// The part of a trajectory of `steps` steps that is kept.
  public func plan(steps: Int) -> TrajectoryPlan {
    TrajectoryPlan(
      steps: steps, parameterCount: training.problem.parameterCount, optimizer: training.optimizer,
      numberSize: MemoryLayout<Number>.stride, limit: memoryLimit)
  }

  /// Discards the trajectory so far.
  public func restart(_ state: TrainingState<Number>, carry: Double, steps: Int) {
    precondition(carry == 0, "reverse mode cannot carry anything over a window's start")
    let plan = plan(steps: steps)
    if trajectory?.plan != plan {
      trajectory = nil
      trajectory = Trajectory(
        plan: plan, parameterCount: training.problem.parameterCount, optimizer: training.optimizer)
    }
    trajectory?.count = 0
    firstStep = state.step
    if plan.recomputes, replay == nil {
      replay = training.state(tangentCount: 0)
    }
  }

  /// The first state of the trajectory; nil if it has no steps yet.
  var origin: TrainingOrigin<Number>? {
    guard let trajectory, trajectory.count > 0 else { return nil }
    return TrainingOrigin(step: firstStep, numbers: trajectory.first)
  }

  /// Takes some inner steps and computes the hypergradient after the last of them.
  ///
  /// - Returns: losses and this rank's rows of the hypergradients, `[rows, q]`, in the order of the
  ///   coordinator's `rows`.
  public func advance(
    _ state: inout TrainingState<Number>, steps: Int, observed: Int,
    hyperparameters: Hyperparameters
  ) throws -> Stretch {
    guard let trajectory else { preconditionFailure("steps before the first restart") }
    let end = state.step - firstStep + steps
    let rows = training.coordinator.rows(of: observed)
    lanes.begin(starts: rows.map { end - observed + 1 + $0 })
    let tuned = hyperparameters.tuned.count
    let step = TrainingSweep<Problem>.Step(
      coefficients: InnerCoefficients(
        hyperparameters, columns: 0..<0, layers: training.problem.layers),
      loss: LossHyperparameters(hyperparameters.loss, .columns([])), gradient: gradient)
    let first = firstStep
    var stretch = try sweep.run(
      &state, steps: steps, observed: observed, step,
      willStep: { trajectory.record($0.step - 1 - first, $0, gradient: gradient) },
      observe: { state, _ in
        lanes.seed(start: state.step - first, gradient: gradient.storage.pointer)
      })
    // A rank without a backward pass must still meet the others at their safe points.
    guard observed > 0, !training.coordinator.anyRank(stretch.outcome != .completed) else {
      return stretch
    }
    let start = clock.now
    if !trajectory.plan.recomputes { trajectory.close(trajectory.count, state) }
    let coefficients = InnerCoefficients(
      hyperparameters, columns: 0..<tuned, layers: training.problem.layers)
    var result = [Double](repeating: 0, count: rows.count * hyperparameters.count)
    try goBack(trajectory, step, coefficients, hyperparameters, into: &result)
    stretch.hypergradients = result
    stretch.seconds.training += (clock.now - start).inSeconds
    return stretch
  }

  private func goBack(
    _ trajectory: Trajectory<Number>, _ step: TrainingSweep<Problem>.Step,
    _ coefficients: InnerCoefficients, _ hyperparameters: Hyperparameters,
    into result: inout [Double]
  ) throws {
    let plan = trajectory.plan
    let segments = (trajectory.count + plan.segment - 1) / plan.segment
    for segment in (0..<segments).reversed() {
      let range =
        segment * plan.segment..<min(trajectory.count, (segment + 1) * plan.segment)
      if plan.recomputes { try trainAgain(trajectory, segment, range, step) }
      for index in range.reversed() {
        try sweep.leaveIfAsked(at: .wayBack)
        try pullBack(
          trajectory.step(index - range.lowerBound), index, coefficients, hyperparameters,
          into: &result)
      }
    }
  }

  /// Repeats the steps of a segment, recording every one.
  private func trainAgain(
    _ trajectory: Trajectory<Number>, _ segment: Int, _ range: Range<Int>,
    _ step: TrainingSweep<Problem>.Step
  ) throws {
    guard var state = replay else { preconditionFailure("no state to train again with") }
    trajectory.restore(segment: segment, &state)
    state.step = firstStep + range.lowerBound
    let origin = state.step
    _ = try sweep.run(
      &state, steps: range.count, observed: 0, step, checksRanks: false,
      willStep: { trajectory.keep($0.step - 1 - origin, $0, gradient) }, observe: { _, _ in })
    trajectory.close(range.count, state)
  }

  /// The adjoint of step `index` of the trajectory, for all active lanes.
  private func pullBack(
    _ record: RecordedStep<Number>, _ index: Int, _ coefficients: InnerCoefficients,
    _ hyperparameters: Hyperparameters, into result: inout [Double]
  ) throws {
    let active = lanes.active(at: index + 1)
    guard active > 0 else { return }
    let (q, tuned) = (hyperparameters.count, coefficients.columnCount)
    let scheduled = training.schedule.coefficients(coefficients, step: firstStep + index)
    direction.storage.pointer.update(from: record.parameters, count: record.count)
    for lane in 0..<active {
      result.withUnsafeMutableBufferPointer { result in
        guard let sums = result.baseAddress else { return }
        training.optimizer.pullback(
          firstStep + index + 1, record,
          adjoint: OptimizerAdjoint(
            parameters: lanes.parameters(lane), state: lanes.state(lane, 0),
            gradient: direction.storage.pointer + (1 + lane) * direction.stride),
          coefficients: scheduled, scratch: sweep.scratch, sums: sums + lane * q)
      }
    }
    // Nothing precedes the first step; its gradient matters only for the loss's part of φ.
    let lossCount = q - tuned
    if index == 0, lossCount == 0 { return }
    _ = try training.problem.trainingGradient(
      step: firstStep + index, parameters: direction,
      hyperparameters: LossHyperparameters(
        hyperparameters.loss, .adjoints(into: lossAdjoints, active: active)),
      gradient: response)
    for lane in 0..<active {
      Elementwise.add(
        response.storage.pointer + (1 + lane) * response.stride, to: lanes.parameters(lane),
        count: record.count)
      for j in 0..<lossCount {
        result[lane * q + tuned + j] += lossAdjoints.pointer[lane * lossCount + j]
      }
    }
  }
}
