import Differentiation
import Tensors

/// Products with the derivative of the training gradient at the current training state.
///
/// With G(θ, φ) = g + λ θ, where g is the gradient of the loss and λ the weight decay that the
/// optimizer adds, and a damping ρ, a product along the vectors b is
///
///     b ↦ (∂G/∂θ + ρ)ᵀ b,   (∂G/∂φ)ᵀ b
///
/// Both come from the reverse mode's adjoint pass, averaged over the minibatches of the next steps.
final class TrainingHessian<Problem: InnerProblem> {
  typealias Number = Problem.Number

  /// θ with the vectors b.
  let direction: Jet<Number>
  /// The first product, valid after each call.
  let response: Jet<Number>
  private let training: InnerTraining<Problem>
  private let settings: ImplicitSettings
  /// The product for a single minibatch, if there are several.
  private let part: Jet<Number>?
  /// `[lanes, lossCount]`.
  private let lossAdjoints: Buffer<Double>

  init(_ training: InnerTraining<Problem>, _ settings: ImplicitSettings) {
    self.training = training
    self.settings = settings
    let (p, lanes) = (training.problem.parameterCount, settings.lanes)
    direction = Jet(count: p, tangentCount: lanes)
    response = Jet(count: p, tangentCount: lanes)
    part = settings.minibatches > 1 ? Jet(count: p, tangentCount: lanes) : nil
    lossAdjoints = Buffer(count: lanes * training.hyperparameters.loss.count)
  }

  /// The vector b of a lane, `[p]`.
  func vector(_ lane: Int) -> UnsafeMutablePointer<Number> {
    direction.storage.pointer + (1 + lane) * direction.stride
  }

  /// The product with the vector of a lane, `[p]`.
  func product(_ lane: Int) -> UnsafeMutablePointer<Number> {
    response.storage.pointer + (1 + lane) * response.stride
  }

  /// Sets θ; the step determines which minibatches come next.
  func begin(_ state: TrainingState<Number>) {
    direction.storage.pointer.update(
      from: state.parameters.storage.pointer, count: state.parameters.count)
  }

  /// Multiplies the vectors of the first lanes.
  ///
  /// - Parameters:
  ///   - lanes: the number of lanes.
  ///   - step: the number of inner steps taken so far.
  ///   - hyperparameters: φ.
  /// - Returns: (∂G/∂φ)ᵀ b, `[lanes, q]`.
  func multiply(
    lanes: Int = 1, step: Int, _ hyperparameters: Hyperparameters
  ) throws -> [Double] {
    let q = hyperparameters.count
    let lossCount = hyperparameters.loss.count
    var mixed = [Double](repeating: 0, count: lanes * q)
    let share = 1 / Double(settings.minibatches)
    for minibatch in 0..<settings.minibatches {
      let target = minibatch == 0 ? response : (part ?? response)
      _ = try training.problem.trainingGradient(
        step: step + minibatch, parameters: direction,
        hyperparameters: LossHyperparameters(
          hyperparameters.loss, .adjoints(into: lossAdjoints, active: lanes)),
        gradient: target)
      if minibatch > 0 {
        Elementwise.add(
          target.storage.pointer, to: response.storage.pointer, count: response.storage.count)
      }
      for lane in 0..<lanes {
        for j in 0..<lossCount {
          mixed[lane * q + q - lossCount + j] +=
            share * lossAdjoints.pointer[lane * lossCount + j]
        }
      }
    }
    if settings.minibatches > 1 {
      Elementwise.scale(
        response.storage.pointer, by: Number(share), count: response.storage.count)
    }
    addDecay(hyperparameters, lanes: lanes, to: &mixed)
    return mixed
  }

  /// Adds the weight decay and damping terms to both products.
  private func addDecay(
    _ hyperparameters: Hyperparameters, lanes: Int, to mixed: inout [Double]
  ) {
    let tuned = hyperparameters.tuned
    let coefficients = InnerCoefficients(
      hyperparameters, columns: tuned.indices, layers: training.problem.layers)
    for (layer, range) in coefficients.layers.enumerated() {
      let decay =
        training.optimizer.decaysByGradient
        ? coefficients.value(.weightDecay, layer: layer) : 0
      let start = range.lowerBound
      for lane in 0..<lanes {
        Elementwise.addScaled(
          vector(lane) + start, by: Number(decay + settings.damping), to: product(lane) + start,
          count: range.count)
        for column in tuned.indices {
          guard let own = coefficients.own(column: column, layer: layer), own.name == .weightDecay
          else { continue }
          mixed[lane * hyperparameters.count + column] +=
            own.derivative
            * orderedProduct(
              direction.storage.pointer + start, vector(lane) + start, count: range.count)
        }
      }
    }
  }
}
