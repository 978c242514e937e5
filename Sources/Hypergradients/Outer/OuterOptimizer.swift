import DynamicModes

/// Moves φ against the estimated hypergradient; in double precision, on the raw numbers.
///
/// A new optimizer is a file with its `OuterRule` and a place in `OuterOptimizerKind.allCases`.
public struct OuterOptimizer: Sendable {
  let rule: any OuterRule

  init(_ rule: any OuterRule) { self.rule = rule }

  /// Takes one step, in place.
  ///
  /// Nothing here knows limits of φ: the tuner projects φ onto them afterwards, and the state stays as
  /// the step has left it.
  ///
  /// - Parameters:
  ///   - raw: φ, `[q]`.
  ///   - hypergradient: h, `[q]`.
  ///   - state: what the optimizer remembers, for q numbers.
  public func update(
    _ raw: inout [Double], along hypergradient: [Double], _ state: inout OuterState
  ) {
    precondition(
      raw.count == hypergradient.count && raw.count == state.first.count,
      "\(hypergradient.count) hypergradients and a state of \(state.first.count) for \(raw.count)")
    state.step += 1
    rule.update(&raw, along: hypergradient, &state)
  }
}

/// How an outer optimizer takes a step.
protocol OuterRule: Sendable {
  /// Takes the step that `state` counts already.
  func update(_ raw: inout [Double], along hypergradient: [Double], _ state: inout OuterState)

  /// What is wrong with its numbers taken together, or nil.
  func complaint(_ settings: OuterSettings) -> Complaint<OuterSettings>?
}

extension OuterRule {
  /// Nothing.
  func complaint(_ settings: OuterSettings) -> Complaint<OuterSettings>? { nil }
}
