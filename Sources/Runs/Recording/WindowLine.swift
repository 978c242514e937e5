import DynamicModes
import Hypergradients
import Storage

/// A window as a line of `windows.jsonl`.
package struct WindowLine {
  package let window: WindowRecord
  package let requested: Estimator
  package let test: Evaluation?

  package init(window: WindowRecord, requested: Estimator, test: Evaluation?) {
    self.window = window
    self.requested = requested
    self.test = test
  }

  /// The object, keys in reading order.
  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("window", .integer(window.window)),
      .init("first_step", .integer(window.steps.lowerBound)),
      .init("last_step", .integer(window.steps.upperBound)),
      .init("training_loss", .number(window.trainingLoss)),
      .init("validation_loss", .number(window.validation.loss)),
      .init("validation_accuracy", .number(window.validation.accuracy)),
      .init(
        "validation_losses", .numbers(window.observations.map(\.evaluation.loss))),
      .init("hyperparameters", Self.values(window.before)),
      .init(
        "cosine_steps",
        window.schedule.kind == .cosine ? .integer(window.schedule.steps) : .null),
      .init("hyperparameters_after", Self.values(window.after)),
      .init("raw", .numbers(window.before.raw)),
      .init("raw_after", .numbers(window.after.raw)),
    ]
    // Where columns are not φ's own: how many numbers a hypergradient has.
    let columns = window.hypergradients.count / max(1, window.observations.count)
    if columns > 0, columns != window.before.raw.count {
      members.append(.init("columns", .integer(columns)))
    }
    if let test {
      members.append(.init("test_loss", .number(test.loss)))
      members.append(.init("test_accuracy", .number(test.accuracy)))
      members.append(.init("test_class_accuracies", Self.json(test.classAccuracies)))
    }
    if let estimate = window.estimate { members += Self.members(of: estimate, requested) }
    members.append(.init("retreats", .array(window.retreats.map(Self.json))))
    members.append(.init("seconds", window.seconds.json))
    return .object(members)
  }

  /// Hyperparameter values by name.
  package static func values(_ hyperparameters: Hyperparameters) -> JSONValue {
    .object(hyperparameters.optimizer.map { .init($0.columnName, .number($0.value)) })
  }

  /// One share of right answers a class; null for a class without examples.
  package static func json(_ classAccuracies: [Double?]) -> JSONValue {
    .array(classAccuracies.map { $0.map { .number($0) } ?? .null })
  }

  private static func members(
    of estimate: LimitEstimate, _ requested: Estimator
  ) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("estimator", .string(requested.rawValue)),
      .init("used", .string(estimate.used.rawValue)),
      .init("fallback", estimate.fallback.map { .string($0) } ?? .null),
      .init(
        "estimates",
        .object(
          Estimator.allCases.compactMap { estimator in
            estimate.estimates[estimator].map { .init(estimator.rawValue, .numbers($0)) }
          })),
    ]
    guard let modes = estimate.modes else { return members }
    members.append(.init("spectral_radius", .number(modes.spectralRadius)))
    members.append(.init("rank", .integer(modes.rank)))
    members.append(.init("residual", .number(modes.relativeResidual)))
    members.append(
      .init(
        "eigenvalues",
        .array(
          modes.modes.map { .numbers([$0.real, $0.imaginary, $0.amplitude]) })))
    return members
  }

  private static func json(_ retreat: Retreat) -> JSONValue {
    [
      "step": .integer(retreat.divergence.step),
      "quantity": .string(retreat.divergence.quantity.rawValue),
      "loss": .number(retreat.divergence.loss),
      "learning_rate_before": .number(retreat.learningRateBefore),
      "learning_rate_after": .number(retreat.learningRateAfter),
    ]
  }
}
