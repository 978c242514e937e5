import DynamicModes
import Hypergradients
import Storage

// `verify.json`: the scores, and all data needed to evaluate other estimators without training.
extension Verification {
  /// The document.
  var json: JSONValue {
    [
      "preset": .string(preset),
      "configuration": .string(configuration.yaml(comments: false)),
      "method": .string(configuration.method.rawValue),
      "hyperparameters": .array(names.map { .string($0) }),
      // As text, as in `summary.json`: JSON numbers cannot represent every seed.
      "seeds": .array(runs.map { .string("\($0.seed)") }),
      "observed": .integer(settings.observed),
      "horizon": settings.horizon.map { .integer($0) } ?? .null,
      "average": .integer(settings.average),
      "difference_step": .number(settings.differenceStep),
      "decays": .array(decays.map(\.json)),
      "scores": .array(scores.map(\.json)),
      "failures": .array(
        runs.compactMap { run in
          run.failure.map { ["seed": .string("\(run.seed)"), "reason": .string($0)] }
        }),
      "windows": .array(windows.map { $1.json(seed: $0, count: names.count) }),
    ]
  }
}

extension EstimatorScore {
  fileprivate var json: JSONValue {
    [
      "decay": decay.json, "estimator": .string(estimator.rawValue),
      "samples": .integer(samples), "fallbacks": .integer(fallbacks),
      "unanswered": .integer(unanswered),
      "cosine_mean": Self.json(cosine?.mean), "cosine_sd": Self.json(cosine?.deviation),
      "sign_agreement": Self.json(signShare?.mean),
      "sign_agreement_sd": Self.json(signShare?.deviation),
      "sign_agreement_of_each": .array(signs.map { Self.json($0.share) }),
      "clear_signs": .integer(clearSigns.count),
      "clear_sign_agreement": Self.json(clearSigns.share),
      "relative_error_median": Self.json(relativeError?.quartiles.median),
      "relative_error_quartiles": .array([
        Self.json(relativeError?.quartiles.lower), Self.json(relativeError?.quartiles.upper),
      ]),
      "by_seed": .array(
        bySeed.map {
          [
            "seed": .string("\($0.seed)"), "cosine_mean": Self.json($0.cosine),
            "sign_agreement": Self.json($0.signShare),
          ]
        }),
    ]
  }

  private static func json(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }
}

extension VerifiedWindow {
  /// The raw data of a window.
  fileprivate func json(seed: UInt64, count: Int) -> JSONValue {
    let members: JSONValue = [
      "seed": .string("\(seed)"), "window": .integer(window),
      "first_step": .integer(steps.lowerBound), "last_step": .integer(steps.upperBound),
      "truth_step": .integer(end), "phi": .numbers(hyperparameters.raw),
      "final_validation_loss": .number(finalLoss),
      "truth": truth.map { .numbers($0.mean) } ?? .null,
      "truth_standard_error": (truth?.standardError).map { .numbers($0) } ?? .null,
      "truth_steps": truth.map { Self.rows($0.steps, count) } ?? .null,
      "families": .array(families.map { $0.json(count: count) }),
      "differences": .array(
        differences.map { ["entry": .integer($0.entry), "value": .number($0.value)] }),
    ]
    guard let mappedCosine, case .object(let list) = members else { return members }
    return .object(list + [.init("mapped_cosine", .number(mappedCosine))])
  }

  fileprivate static func rows(_ numbers: [Double], _ count: Int) -> JSONValue {
    .array(
      stride(from: 0, to: numbers.count, by: count).map { .numbers(numbers[$0..<$0 + count]) })
  }
}

extension VerifiedWindow.Family {
  fileprivate func json(count: Int) -> JSONValue {
    [
      "decay": decay.json, "trajectory": VerifiedWindow.rows(trajectory, count),
      "answers": .object(
        Estimator.allCases.compactMap { estimator in
          guard let answer = answers.answers[estimator] else { return nil }
          return JSONValue.Member(
            estimator.rawValue,
            [
              "estimate": .numbers(answer.estimate),
              "own": answer.own.map { .numbers($0) } ?? .null,
              "fallback": answer.fallback.map { .string($0) } ?? .null,
            ])
        }),
    ]
  }
}
