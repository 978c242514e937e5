// Compares columns that stand for more hyperparameters than there are columns with exact adjoints.
extension Verifier {
  /// The cosine between a window's last h, mapped from the reset columns, and the exact h from
  /// adjoints over the window; nil except on the root.
  ///
  /// - Parameter reset: the family that was reset at the window's start; on the root.
  func mappedCosine(
    _ map: LossColumnMap, _ record: WindowRecord, _ reset: VerifiedWindow.Family?
  ) throws -> Double? {
    let (training, count) = (tuner.training, record.before.count)
    let reverse = ReverseAdjoints(
      training, observed: 1, memoryLimit: tuner.settings.trajectoryMemory)
    plainState.adopt(windowStart, tangents: 0..<0)
    reverse.restart(plainState, carry: 0, steps: record.steps.count)
    let stretch = try reverse.advance(
      &plainState, steps: record.steps.count, observed: 1, hyperparameters: record.before)
    guard !coordinator.anyRank(stretch.divergence != nil),
      let exact = coordinator.gatherRows(stretch.hypergradients, rows: 1, count: count),
      let reset
    else { return nil }
    let mapped = map(
      Array(reset.trajectory.suffix(training.columnCount)), own: record.before.tuned.count)
    return Agreement(of: mapped, with: exact).cosine
  }
}
