import Hypergradients

/// One line with the differentiation mode and the cost of each mode.
struct ModeLine {
  let work: WindowWork
  let mode: DifferentiationMode
  let columnGroups: Int
  let plan: TrajectoryPlan
  /// q.
  let hyperparameters: Int

  /// The line, such as the following.
  ///
  /// `mode reverse: 1710 passes over a minibatch a window and rank (forward: 38550); …`
  var line: String {
    if mode == .implicit {
      return "mode implicit: \(passes(mode)) passes over a minibatch a window and rank "
        + "(training alone: \(work.steps))"
    }
    let other: DifferentiationMode = mode == .forward ? .reverse : .forward
    var line =
      "mode \(mode.rawValue)\(functionSpace): \(passes(mode)) passes over a minibatch a window and rank "
      + "(\(other.rawValue): \(passes(other)))"
    guard mode == .reverse else { return line }
    let megabytes = (plan.bytes + 999_999) / 1_000_000
    line +=
      plan.recomputes
      ? "; a state every \(plan.segment) steps is kept, \(megabytes) MB, and steps are trained twice"
      : "; all \(plan.steps) steps are kept, \(megabytes) MB"
    return line
  }

  /// The text on columns in function space, if fewer columns than hyperparameters represent all of
  /// them.
  private var functionSpace: String {
    guard mode == .forward, work.hyperparameters < hyperparameters else { return "" }
    let exact = mode.passes(
      steps: work.steps, observed: work.observed, count: hyperparameters, groups: columnGroups)
    return " with \(work.hyperparameters) columns in function space for \(hyperparameters) "
      + "hyperparameters (exact ones: \(Int(exact.rounded())) passes)"
  }

  private func passes(_ mode: DifferentiationMode) -> Int {
    Int(work.passes(mode, columnGroups: columnGroups).rounded())
  }
}
