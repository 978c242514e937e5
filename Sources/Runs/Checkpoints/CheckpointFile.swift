import Glibc
import Settings
import Storage
import Tensors

/// A checkpoint on disk, opened and verified.
///
/// A safetensors file, for p parameters and q hyperparameters:
///
/// | tensor | contents |
/// |---|---|
/// | `hyperparameters` | the raw numbers, tuned and fixed |
/// | `outer.first`, `outer.second` | the outer optimizer's moments, `[q]` |
/// | `schedule` | the tuned values over the windows, for the last lines on the screen |
/// | `parameters`, `optimizer.I` | θ and the inner optimizer's state, `[p]`, in the run's precision |
/// | `parameters.columns`, `optimizer.I.columns` | their columns, `[q, p]`, if they are carried over |
/// | `origin.parameters`, `origin.optimizer.I` | the start of a playout in reverse mode, `[p]` |
/// | `initial.parameters` | θ₀, `[p]`, if it was read from a file |
/// | `initial.loss` | φ₀ of the training loss, if it was read from a file |
/// | `best.parameters` | θ after the window with the lowest validation loss so far, `[p]` |
///
/// θ and all vectors of its size have the order of `ParameterLayout`: tensor after tensor,
/// convolutions in blocks of 16 channels, the same on every processor.
///
/// The metadata are `checksum`, the CRC-32 of the file with zeros in its place; `record`, a
/// ``CheckpointRecord``; and `configuration`, YAML: what the run was trained with so far, against
/// which everything else is checked (``CheckpointFit``).
package struct CheckpointFile {
  package let tensors: SafeTensorsFile
  package let record: CheckpointRecord
  /// The configuration the run was trained with.
  package let configuration: Configuration

  /// The value of `format`.
  package static let format = formatName + " 2"
  private static let formatName = "glocal-dist checkpoint"

  /// The metadata keys.
  package enum Key: String { case format, checksum, record, configuration }

  /// Opens a file and reads it completely to verify its checksum.
  ///
  /// - Throws: `CheckpointDamage` that says what is wrong with it.
  package init(verifying path: String) throws(CheckpointDamage) {
    let tensors: SafeTensorsFile
    do throws(SafeTensorsError) {
      tensors = try SafeTensorsFile(reading: path)
    } catch {
      throw CheckpointDamage(path: path, reason: Self.reason(error))
    }
    try self.init(verifying: tensors)
  }

  /// Verifies the checksum of bytes received by message.
  ///
  /// - Throws: `CheckpointDamage` that says what is wrong with them.
  package init(verifying bytes: [UInt8], calling name: String) throws(CheckpointDamage) {
    let tensors: SafeTensorsFile
    do throws(SafeTensorsError) {
      tensors = try SafeTensorsFile(InputFile(bytes: bytes, calling: name))
    } catch {
      throw CheckpointDamage(path: name, reason: Self.reason(error))
    }
    try self.init(verifying: tensors)
  }

  private init(verifying tensors: SafeTensorsFile) throws(CheckpointDamage) {
    self.tensors = tensors
    let path = tensors.path
    let metadata = Dictionary(tensors.metadata.map { ($0.key, $0.text) }) { first, _ in first }
    let format = metadata[Key.format.rawValue] ?? ""
    guard format == Self.format else {
      guard format.hasPrefix(Self.formatName) else {
        throw CheckpointDamage(path: path, reason: "it is no \(Self.format)")
      }
      throw CheckpointDamage(
        path: path,
        reason: "it is a \"\(format)\" of another version of glocal-dist, and this one reads "
          + "\"\(Self.format)\". Go on with that version, or begin anew in another folder",
        isDamaged: false)
    }
    let found: String
    do throws(FileError) {
      found = try Self.checksum(of: tensors)
    } catch {
      throw CheckpointDamage(path: path, reason: error.words)
    }
    guard let stored = metadata[Key.checksum.rawValue], stored == found else {
      throw CheckpointDamage(
        path: path,
        reason: "its checksum is \(found), not \(metadata[Key.checksum.rawValue] ?? "there")")
    }
    guard var record = CheckpointRecord(parsing: metadata[Key.record.rawValue] ?? "") else {
      throw CheckpointDamage(path: path, reason: "its record cannot be read")
    }
    var reader = ConfigurationReader(over: Configuration())
    guard let yaml = metadata[Key.configuration.rawValue],
      (try? reader.read(yaml: yaml, name: path)) != nil, let configuration = try? reader.checked()
    else { throw CheckpointDamage(path: path, reason: "its configuration cannot be read") }
    self.configuration = configuration
    if let reason = CheckpointFit.contradiction(record, configuration)
      ?? CheckpointFit.contradiction(schedule: tensors, record)
    {
      throw CheckpointDamage(path: path, reason: reason)
    }
    do {
      record.progress.schedule = try Self.rows("schedule", of: tensors)
    } catch {
      throw CheckpointDamage(path: path, reason: Self.reason(error))
    }
    self.record = record
  }

  /// The bytes before the checksum, which occur once in a header and never in its texts.
  package static let checksumMark = Array("\"\(Key.checksum.rawValue)\":\"".utf8)

  /// The position of the checksum in a header.
  package static func place(ofChecksumIn header: [UInt8]) -> Int? {
    let mark = checksumMark
    return header.indices.first { header[$0...].starts(with: mark) }.map { $0 + mark.count }
  }

  private static func checksum(of file: SafeTensorsFile) throws(FileError) -> String {
    var sum = Checksum()
    var header = try file.input.bytes(at: 0..<file.dataStart)
    if let place = place(ofChecksumIn: header), place + Checksum.length <= header.count {
      header.replaceSubrange(place..<place + Checksum.length, with: Array(Checksum.blank.utf8))
    }
    header.withUnsafeBytes { sum.add($0) }
    let piece = 1 << 20
    for start in stride(from: file.dataStart, to: file.input.size, by: piece) {
      let bytes = try file.input.bytes(at: start..<min(start + piece, file.input.size))
      bytes.withUnsafeBytes { sum.add($0) }
    }
    return sum.text
  }

  private static func reason(_ error: SafeTensorsError) -> String {
    switch error.problem {
    case .truncated(let needed, let found): "it has \(found) of \(needed) bytes"
    case .badHeader(let why): why
    case .file(let error): error.words
    case .nonFinite(let tensor, _): "its \(tensor) holds a number that is not finite"
    default: "its tensors do not fit its header"
    }
  }
}

/// Why a checkpoint cannot be used; the run may be able to resume from another one.
package struct CheckpointDamage: Error, Equatable, CustomStringConvertible {
  let path: String
  let reason: String
  /// Whether an older checkpoint may be usable.
  var isDamaged = true

  package var description: String { "the checkpoint \(path) cannot be used: \(reason)." }
}
