import Hypergradients
import Networks
import Settings
import Storage
import Tensors

/// The requirements on a checkpoint for resuming a run.
///
/// A correct checksum proves that a file is as it was written, not that its content makes sense.
/// Everything is checked against the configuration before it is used.
package struct CheckpointFit {
  /// The configuration the run is to resume with.
  package let configuration: Configuration
  /// p, the number of parameters.
  package let parameters: Int
  /// The layout of φ.
  package let hyperparameters: Hyperparameters
  /// The number of forward-mode columns.
  private let columns: Int

  /// The requirements for a configuration, its network, and the number of training examples per
  /// class.
  package init(
    _ configuration: Configuration, _ network: any Networks.Network, classSizes: [Int]? = nil
  ) {
    self.configuration = configuration
    parameters = network.parameters.count
    hyperparameters = configuration.unstartedHyperparameters(
      of: network, classSizes: classSizes)
    columns = configuration.columnCount(
      of: hyperparameters, classSizes: classSizes ?? configuration.expectedClassSizes)
  }

  /// The part of a checkpoint that does not fit, or nil.
  ///
  /// - Throws: `SafeTensorsError` if it cannot be read.
  package func misfit(_ file: CheckpointFile) throws -> String? {
    if let reason = changedHyperparameter(file.configuration) { return reason }
    let (expected, type) = (tensors(file.record), numberType)
    for (name, shape, wanted) in expected {
      let found = file.tensors.shape(of: name)
      guard found == shape else {
        return "its \(name) is \(found.map { "\($0)" } ?? "missing"), and the configuration needs "
          + "\(shape)"
      }
      guard let stored = file.tensors.type(of: name), stored == (wanted ?? type) else {
        return "the numbers of its \(name) are "
          + "\(file.tensors.type(of: name)?.rawValue ?? "none"), and the configuration needs "
          + (wanted ?? type).rawValue
      }
    }
    let known = Set(expected.map(\.name))
    let others = file.tensors.names.filter { !known.contains($0) && !isOptional($0, file) }
    if let name = others.first {
      return "it holds \(name), which the configuration does not need"
    }
    return try wrongNumber(in: file) ?? misfittingPlayout(file.record)
  }

  private var numberType: SafeTensorsType {
    configuration.precision == .float ? .float32 : .float64
  }

  private func tensors(
    _ record: CheckpointRecord
  ) -> [(name: String, shape: [Int], type: SafeTensorsType?)] {
    let q = hyperparameters.count
    var expected: [(String, [Int], SafeTensorsType?)] = [
      ("hyperparameters", [hyperparameters.numbers.count], .float64),
      ("outer.first", [q], .float64), ("outer.second", [q], .float64),
      // Its length has been checked against the record.
      ("schedule", [record.scheduleRows, record.window == 0 ? 0 : tunedCount], .float64),
    ]
    let count = configuration.inner.optimizer.optimizer.stateCount
    for name in CheckpointTensor.vectors(optimizer: count) {
      expected.append((name, [parameters], nil))
      if record.hasColumns {
        expected.append((name + CheckpointTensor.columns, [columns, parameters], nil))
      }
      if record.originStep != nil {
        expected.append((CheckpointTensor.origin + name, [parameters], nil))
      }
    }
    if record.best != nil { expected.append((CheckpointTensor.best, [parameters], nil)) }
    return expected
  }

  private var tunedCount: Int { hyperparameters.tuned.count }

  /// Whether a tensor is present only if the run started with values from files.
  private func isOptional(_ name: String, _ file: CheckpointFile) -> Bool {
    let (shape, type) = (file.tensors.shape(of: name), file.tensors.type(of: name))
    switch name {
    case CheckpointTensor.initialParameters: return shape == [parameters] && type == numberType
    case CheckpointTensor.initialLoss:
      return shape == [hyperparameters.loss.count] && type == .float64
    default: return false
    }
  }

  /// With another transform, the numbers behind φ would have another meaning.
  private func changedHyperparameter(_ before: Configuration) -> String? {
    for name in configuration.hyperparameterNames {
      let (old, new) = (before.hyperparameters[name], configuration.hyperparameters[name])
      if old.tuned != new.tuned || old.transform != new.transform || old.perLayer != new.perLayer {
        return "hyperparameters.\(name.rawValue) has changed its tuned, transform or per-layer"
      }
    }
    return nil
  }

  /// Among the numbers that control the run, one that no run could have written, or nil.
  private func wrongNumber(in file: CheckpointFile) throws -> String? {
    for name in ["hyperparameters", "outer.first", "outer.second"] {
      let values = try file.doubles(name)
      if !values.allSatisfy(\.isFinite) { return "its \(name) holds a number that is not finite" }
      if name == "outer.second", values.contains(where: { $0 < 0 }) {
        return "its \(name) holds a number below 0"
      }
    }
    return nil
  }

  /// In reverse mode a playout's steps are repeated, in memory allocated for the configured
  /// playout.
  private func misfittingPlayout(_ record: CheckpointRecord) -> String? {
    guard let origin = record.originStep, configuration.method == .truncatedGlobal else {
      return nil
    }
    let longest = configuration.window.length * configuration.truncatedGlobal.windows
    guard record.step - origin <= min(longest, configuration.inner.steps - origin) else {
      return "it stands in the middle of a playout that is longer than the configuration has any"
    }
    return nil
  }
}
