import Hypergradients
import Settings
import Storage

/// What a trial that takes over another one's checkpoint has of its own.
package struct CheckpointHeir {
  /// What it was begun with.
  package let configuration: Configuration
  /// All that it goes on with, tuned and fixed.
  package let hyperparameters: Hyperparameters
  /// Seconds of training that it has taken so far.
  package let elapsed: Double

  package init(configuration: Configuration, hyperparameters: Hyperparameters, elapsed: Double) {
    self.configuration = configuration
    self.hyperparameters = hyperparameters
    self.elapsed = elapsed
  }
}

extension CheckpointFile {
  /// The hyperparameters that it would go on with.
  ///
  /// - Parameter layout: any of the same layout.
  /// - Throws: `SafeTensorsError`
  package func hyperparameters(like layout: Hyperparameters) throws -> Hyperparameters {
    var hyperparameters = layout
    hyperparameters.numbers = try doubles(Self.hyperparametersName)
    _ = hyperparameters.project()
    return hyperparameters
  }

  /// Writes the same checkpoint for an heir: its φ in place of the stored one, also where the schedule
  /// ends, and every other tensor byte for byte.
  ///
  /// - Precondition: the heir's hyperparameters have the layout of those that are stored.
  /// - Throws: `FileError`
  package func write(for heir: CheckpointHeir, to path: String) throws(FileError) {
    var record = record
    record.progress.elapsed = heir.elapsed
    let tuned = heir.hyperparameters.tuned.map(\.value)
    if let last = record.progress.schedule.indices.last { record.progress.schedule[last] = tuned }
    let changed = [
      Self.hyperparametersName: heir.hyperparameters.numbers,
      Self.scheduleName: record.progress.schedule.flatMap(\.self),
    ]
    let header = Self.header(
      tensors.header.entries.map { ($0.name, $0.shape, $0.type) }, record, heir.configuration)
    try AtomicFile.fill(path) { (file: OutputFile, kept: String) throws(FileError) in
      var sum = Checksum()
      func put(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        sum.add(bytes)
        try file.write(bytes, kept: kept)
      }
      try header.forEachPiece(put)
      for entry in self.tensors.header.entries {
        if let numbers = changed[entry.name] {
          precondition(
            numbers.count * entry.type.size == entry.bytes.count, "\(entry.name) of another layout")
          try numbers.forEachPiece(put)
        } else {
          try self.copy(entry, put)
        }
      }
      guard let place = Self.place(ofChecksumIn: header) else { return }
      try file.overwrite(Array(sum.text.utf8), at: place, kept: kept)
    }
  }

  private func copy(
    _ entry: SafeTensorsHeader.Entry, _ put: (UnsafeRawBufferPointer) throws(FileError) -> Void
  ) throws(FileError) {
    let (start, end) = (entry.bytes.lowerBound, entry.bytes.upperBound)
    for position in stride(from: start, to: end, by: Self.piece) {
      let (first, last) = (tensors.dataStart + position, min(position + Self.piece, end))
      try tensors.input.bytes(at: first..<tensors.dataStart + last).forEachPiece(put)
    }
  }

  private static let piece = 1 << 20
  private static let hyperparametersName = "hyperparameters"
  private static let scheduleName = "schedule"

  /// The header of a checkpoint whose checksum is still to come.
  static func header(
    _ tensors: [(name: String, shape: [Int], type: SafeTensorsType)], _ record: CheckpointRecord,
    _ configuration: Configuration
  ) -> [UInt8] {
    let texts: [(Key, String)] = [
      (.format, format), (.checksum, Checksum.blank), (.record, record.text),
      (.configuration, configuration.yaml(comments: false)),
    ]
    return SafeTensorsHeader(
      layingOut: tensors,
      metadata: texts.map { JSONValue.Member($0.0.rawValue, .string($0.1)) }
    ).encoded
  }
}
