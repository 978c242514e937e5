import DynamicModes
import Hypergradients
import Storage

/// A window as a line of `windows.jsonl`.
package struct WindowLine {
  package let window: WindowRecord
  package let requested: Estimator
  package let test: Evaluation?
  /// Where φ and the estimates are stored.
  package let place: Place

  /// Where φ and the estimates of a window are stored.
  package enum Place {
    /// In the line itself.
    case line
    /// In a file of the window's own.
    case file(WindowFileEntry)
    /// Nowhere: the line has only their count and the norms.
    case nowhere
  }

  package init(
    window: WindowRecord, requested: Estimator, test: Evaluation?, place: Place = .line
  ) {
    self.window = window
    self.requested = requested
    self.test = test
    self.place = place
  }

  /// The line as JSON, with keys in reading order.
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
    ]
    if window.schedule.warmup > 0 {
      members.append(.init("warmup_steps", .integer(window.schedule.warmup)))
    }
    switch place {
    case .line:
      members.append(.init("raw", .numbers(window.before.raw)))
      members.append(.init("raw_after", .numbers(window.after.raw)))
    case .file(let entry):
      members.append(.init(WindowFileEntry.key, Self.summary(of: window, entry)))
    case .nowhere:
      members.append(.init(WindowFileEntry.key, Self.summary(of: window, nil)))
    }
    // If columns are not φ's own: the number of entries in a hypergradient.
    let columns = window.hypergradients.count / max(1, window.observations.count)
    if columns > 0, columns != window.before.raw.count {
      members.append(.init("columns", .integer(columns)))
    }
    if let test {
      members.append(.init("test_loss", .number(test.loss)))
      members.append(.init("test_accuracy", .number(test.accuracy)))
      members.append(.init("test_class_accuracies", Self.json(test.classAccuracies)))
    }
    if let estimate = window.estimate {
      members += Self.members(of: estimate, requested, hasNumbers: isComplete)
    }
    members.append(.init("retreats", .array(window.retreats.map(Self.json))))
    members.append(.init("seconds", window.seconds.json))
    return .object(members)
  }

  /// Hyperparameter values by name.
  package static func values(_ hyperparameters: Hyperparameters) -> JSONValue {
    .object(hyperparameters.optimizer.map { .init($0.columnName, .number($0.value)) })
  }

  /// The accuracy per class; null for a class without examples.
  package static func json(_ classAccuracies: [Double?]) -> JSONValue {
    .array(classAccuracies.map { $0.map { .number($0) } ?? .null })
  }

  private static func members(
    of estimate: LimitEstimate, _ requested: Estimator, hasNumbers: Bool
  ) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("estimator", .string(requested.rawValue)),
      .init("used", .string(estimate.used.rawValue)),
      .init("fallback", estimate.fallback.map { .string($0) } ?? .null),
    ]
    if hasNumbers {
      let estimates = Estimator.allCases.compactMap { estimator in
        estimate.estimates[estimator].map { JSONValue.Member(estimator.rawValue, .numbers($0)) }
      }
      members.append(.init("estimates", .object(estimates)))
    }
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

  private var isComplete: Bool {
    if case .line = place { true } else { false }
  }

  /// Which file it is, the lengths of the last h and of what moved φ.
  private static func summary(of window: WindowRecord, _ entry: WindowFileEntry?) -> JSONValue {
    let columns = window.hypergradients.count / max(1, window.observations.count)
    let answer = window.estimate.flatMap { $0.estimates[$0.used] }
    return WindowFileEntry.members(
      entry, count: window.before.raw.count,
      norm: euclideanNorm(window.hypergradients.suffix(columns)),
      estimateNorm: answer.map { euclideanNorm($0) })
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
