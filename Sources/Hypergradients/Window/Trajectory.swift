import Differentiation
import Tensors

/// The states of a training, stored for the backward pass.
final class Trajectory<Number: Scalar> {
  let plan: TrajectoryPlan
  /// The number of steps recorded since the start.
  var count = 0
  private let parameterCount: Int
  private let stateCount: Int
  private let keepsGradients: Bool
  /// `[segment + 1, 1 + stateCount, p]`: the states of the current segment.
  private let states: Buffer<Number>
  /// `[segment, p]` if the optimizer's pullback needs gradients.
  private let gradients: Buffer<Number>
  /// `[segments, 1 + stateCount, p]` if not everything is kept.
  private let checkpoints: Buffer<Number>

  init(plan: TrajectoryPlan, parameterCount: Int, optimizer: any InnerOptimizer) {
    self.plan = plan
    self.parameterCount = parameterCount
    stateCount = optimizer.stateCount
    keepsGradients = optimizer.pullbackNeedsGradient
    let state = (1 + stateCount) * parameterCount
    states = Buffer(count: (plan.segment + 1) * state)
    gradients = Buffer(count: keepsGradients ? plan.segment * parameterCount : 0)
    checkpoints = Buffer(count: plan.recomputes ? plan.segmentCount * state : 0)
  }

  /// Records the state before step `index` (from 0) of training, and g if it is needed.
  func record(_ index: Int, _ state: TrainingState<Number>, gradient: Jet<Number>) {
    precondition(index < plan.steps, "step \(index) of a trajectory of \(plan.steps)")
    count = index + 1
    if plan.recomputes {
      if index % plan.segment == 0 {
        copy(state, to: checkpoints, at: index / plan.segment)
      }
    } else {
      keep(index, state, gradient)
    }
  }

  /// Records a step of the current segment.
  func keep(_ place: Int, _ state: TrainingState<Number>, _ gradient: Jet<Number>) {
    copy(state, to: states, at: place)
    if keepsGradients {
      (gradients.pointer + place * parameterCount).update(
        from: gradient.storage.pointer, count: parameterCount)
    }
  }

  /// Records the state after the last step of the current segment.
  func close(_ place: Int, _ state: TrainingState<Number>) { copy(state, to: states, at: place) }

  /// Restores the first state of a segment.
  func restore(segment: Int, _ state: inout TrainingState<Number>) {
    let length = (1 + stateCount) * parameterCount
    for (i, jet) in state.jets.enumerated() {
      jet.storage.pointer.update(
        from: checkpoints.pointer + segment * length + i * parameterCount, count: parameterCount)
    }
  }

  /// The state before step 0, `[1 + stateCount, p]`; valid until the backward pass begins.
  var first: UnsafeBufferPointer<Number> {
    UnsafeBufferPointer(
      start: plan.recomputes ? checkpoints.pointer : states.pointer,
      count: (1 + stateCount) * parameterCount)
  }

  /// A step of the current segment.
  func step(_ place: Int) -> RecordedStep<Number> {
    RecordedStep(
      before: states.pointer + place * (1 + stateCount) * parameterCount,
      after: states.pointer + (place + 1) * (1 + stateCount) * parameterCount,
      gradient: gradients.pointer + (keepsGradients ? place * parameterCount : 0),
      count: parameterCount)
  }

  private func copy(_ state: TrainingState<Number>, to buffer: Buffer<Number>, at place: Int) {
    let start = buffer.pointer + place * (1 + stateCount) * parameterCount
    for (i, jet) in state.jets.enumerated() {
      (start + i * parameterCount).update(from: jet.storage.pointer, count: parameterCount)
    }
  }
}
