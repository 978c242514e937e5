import Foundation
import Learning
import Runs
import Settings
import Tensors

/// The best trial as a run's folder of its own, with the trained model.
struct BestTrial {
  let store: TrialStore
  let index: Int

  /// Writes `best`; whatever an earlier attempt has left there goes.
  ///
  /// - Parameters:
  ///   - network: the trial's.
  ///   - classSizes: how many training images every class has.
  /// - Throws: `FileError`, `CheckpointDamage`, `SafeTensorsError`
  func write(_ network: any Model, classSizes: [Int]) throws {
    let configuration = store.plan.trials[index].configuration
    switch configuration.precision {
    case .float: try write(network, configuration, classSizes, as: Float.self)
    case .double: try write(network, configuration, classSizes, as: Double.self)
    }
  }

  private func write<Number: Scalar>(
    _ network: any Model, _ configuration: Configuration, _ classSizes: [Int],
    as: Number.Type
  ) throws {
    let place = store.place(of: index)
    let best = RunFolder(known: "\(store.folder.path)/best")
    try? FileManager.default.removeItem(atPath: best.path)
    do {
      try FileManager.default.createDirectory(
        atPath: best.path, withIntermediateDirectories: false)
      try FileManager.default.copyItem(
        atPath: place.path(of: .windows), toPath: best.path(of: .windows))
    } catch {
      throw RunError("cannot write \(best.path): \(error.localizedDescription)")
    }
    let file = try CheckpointFile(
      verifying: place.checkpoints.file(window: store.records[index].window))
    let inputs = InputRecord.metadata(of: store.records[index].summary)
    let parameters = Buffer<Number>(count: network.parameters.count)
    try file.read("parameters", into: parameters.elements)
    try best.writeModel(
      NetworkFile.tensors(of: network.parameters, UnsafeBufferPointer(parameters.elements)),
      metadata: [(key: "network", text: network.name)] + inputs)
    _ = try best.writeGraph(network, UnsafeBufferPointer(parameters.elements))
    if let record = file.record.best {
      try file.read(CheckpointTensor.best, into: parameters.elements)
      try best.writeModel(
        NetworkFile.tensors(of: network.parameters, UnsafeBufferPointer(parameters.elements)),
        metadata: BestOutcome.metadata(network.name, record) + inputs, as: .bestModel)
    }
    if let weighting = configuration.weightedLoss(classSizes: classSizes)?.weighting {
      let numbers = try file.doubles("hyperparameters")
      try WeightResults(
        configuration: configuration, weighting: weighting,
        phi: Array(numbers.suffix(weighting.hyperparameterCount)), training: nil
      ).write(to: best)
    }
    try best.writeConfiguration(configuration.yaml(comments: false))
    try best.writeSummary(store.records[index].summary ?? .null)
  }
}
