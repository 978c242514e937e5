import DynamicModes
import Hypergradients
import Storage

// Records the hypergradients of a window: as lines, or as a file if there are many.
extension RunFiles {
  /// Records h of a window, and what grows with it.
  ///
  /// - Returns: the entry for the window's line; nil if h was written to `trajectory.jsonl`.
  /// - Throws: `FileError`
  func recordHypergradients(of window: WindowRecord) throws(FileError) -> WindowFileEntry? {
    let rows = window.observations.count
    let columns = window.hypergradients.count / max(1, rows)
    guard max(columns, window.before.count) > WindowFile.longestRow else {
      for (row, observation) in window.observations.enumerated() {
        trajectory.append(
          window: window.window, step: observation.step,
          h: window.hypergradients[row * columns..<(row + 1) * columns])
      }
      return nil
    }
    typealias Name = WindowFile.Tensor
    // Nothing was observed if nothing is tuned, or not yet.
    var tensors =
      rows == 0
      ? []
      : [
        NamedTensor(name: Name.h.rawValue, shape: [rows, columns], values: window.hypergradients),
        NamedTensor(
          name: Name.steps.rawValue, shape: [rows],
          values: window.observations.map { Double($0.step) }),
      ]
    let vectors =
      [(Name.raw.rawValue, window.before.raw), (Name.rawAfter.rawValue, window.after.raw)]
      + Estimator.allCases.compactMap { estimator in
        window.estimate?.estimates[estimator].map { (Name.estimates + estimator.rawValue, $0) }
      }
    tensors += vectors.map { NamedTensor(name: $0.0, shape: [$0.1.count], values: $0.1) }
    let mark = try folder.write(tensors, ofWindow: window.window)
    return WindowFileEntry(window: window.window, count: window.before.raw.count, mark: mark)
  }
}
