import DynamicModes

/// Updates φ with the estimated hypergradient, in double precision, on the raw numbers.
///
/// To add an optimizer, write a file with its `OuterRule` and add it to
/// `OuterOptimizerKind.allCases`.
public struct OuterOptimizer: Sendable {
  let rule: any OuterRule

  init(_ rule: any OuterRule) { self.rule = rule }

  /// Takes one step in place.
  ///
  /// Does not enforce limits: the tuner projects φ afterwards, and the state stays as the step left
  /// it.
  ///
  /// - Parameters:
  ///   - raw: φ, `[q]`.
  ///   - hypergradient: h, `[q]`.
  ///   - state: the optimizer's state, of size q; updated in place.
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

/// The update rule of an outer optimizer.
protocol OuterRule: Sendable {
  /// Takes a step; `state.step` already counts it.
  func update(_ raw: inout [Double], along hypergradient: [Double], _ state: inout OuterState)

  /// What is wrong with its settings taken together, or nil.
  func complaint(_ settings: OuterSettings) -> Complaint<OuterSettings>?
}

extension OuterRule {
  /// Defaults to nil.
  func complaint(_ settings: OuterSettings) -> Complaint<OuterSettings>? { nil }
}
