// Finite differences: an independent spot check that shares only the training with the columns.
extension Verifier {
  /// The maximum number of entries of φ perturbed in a window: those with the largest true
  /// hypergradients.
  private static var mostEntries: Int { 3 }

  /// Central differences of trainings without columns, from the window's start to the horizon.
  ///
  /// - Parameters:
  ///   - record: the window.
  ///   - truth: on the root; its largest entries are perturbed.
  ///   - end: the step at which the trainings end.
  func differences(
    _ record: WindowRecord, _ truth: GlobalHypergradient?, to end: Int
  ) throws -> [VerifiedWindow.Difference] {
    let entries = largestEntries(truth, count: record.before.count)
    return try entries.enumerated().map { place, entry in
      let width = settings.differenceStep
      func moved(_ training: Int, by step: Double) throws -> Double {
        willBegin(
          VerifierActivity(
            kind: .difference(2 * place + training, of: 2 * entries.count), window: record.window,
            steps: end - windowStart.step))
        return try loss(record.before, entry, movedBy: step, to: end)
      }
      let after = try moved(1, by: width)
      let before = try moved(2, by: -width)
      return VerifiedWindow.Difference(entry: entry, value: (after - before) / (2 * width))
    }
  }

  /// The root's choice of entries, on all ranks; empty if there is no truth.
  private func largestEntries(_ truth: GlobalHypergradient?, count: Int) -> [Int] {
    var entries = [Double](repeating: -1, count: min(Self.mostEntries, count))
    if let mean = truth?.mean {
      let order = mean.indices.sorted { (abs(mean[$0]), $1) > (abs(mean[$1]), $0) }
      entries = order.prefix(entries.count).sorted().map(Double.init)
    }
    coordinator.broadcast(&entries)
    return entries.filter { $0 >= 0 }.map { Int($0) }
  }

  /// The mean validation loss over the truth's last steps; NaN if the training diverges.
  private func loss(
    _ hyperparameters: Hyperparameters, _ entry: Int, movedBy step: Double, to end: Int
  ) throws -> Double {
    var moved = hyperparameters
    moved.raw[entry] += step
    plainState.adopt(windowStart, tangents: 0..<0)
    let stretch = try plain.advance(
      &plainState, steps: end - plainState.step, observed: settings.average, hyperparameters: moved)
    let diverged = coordinator.anyRank(stretch.divergence != nil)
    return diverged ? .nan : stretch.meanValidationLoss
  }
}
