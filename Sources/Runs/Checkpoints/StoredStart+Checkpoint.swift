import MessagePassing
import Settings
import Storage
import Tensors

extension StoredStart {
  /// Restores the start from a checkpoint, on all ranks; a collective.
  ///
  /// - Parameters:
  ///   - file: on the root; nil without a checkpoint to resume from.
  ///   - configuration: what the run resumes with; if it names other files than before, their values are
  ///     used.
  init(from file: CheckpointFile?, _ configuration: Configuration, on world: any Communicator) {
    let stored = world.onRoot { () -> ([Number], [Double]) in
      guard let file else { return ([], []) }
      let before = file.configuration
      return (
        before.initial == configuration.initial
          ? try file.numbers(CheckpointTensor.initialParameters) : [],
        before.reweighting.initial == configuration.reweighting.initial
          ? try file.numbers(CheckpointTensor.initialLoss) : []
      )
    }
    let (parameters, loss) = (
      world.broadcast(stored?.0 ?? []), world.broadcast(stored?.1 ?? [])
    )
    self.parameters = parameters.isEmpty ? nil : parameters
    self.loss = loss.isEmpty ? nil : loss
  }
}

extension CheckpointFile {
  /// The elements of an optional tensor; empty if it is absent.
  ///
  /// - Throws: `SafeTensorsError`
  fileprivate func numbers<Number: Scalar>(_ name: String) throws(SafeTensorsError) -> [Number] {
    guard tensors.shape(of: name) != nil else { return [] }
    return try tensors.tensor(name, as: Number.self).values
  }
}
