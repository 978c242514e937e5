import Glibc
import Storage
import Tensors

/// The folder with a run's results.
///
/// | file | contents |
/// |---|---|
/// | `config.yaml` | the resolved configuration; running it again gives the same bits |
/// | `windows.jsonl` | one JSON object per window |
/// | `trajectory.jsonl` | the local hypergradients, one observed step per line |
/// | `trajectory` | a folder with one file per window instead, if there are many numbers |
/// | `summary.json` | the results |
/// | `model.safetensors` | the trained parameters under PyTorch's names |
/// | `model.onnx` | the same in the user's own model (network: a file) |
/// | `model-best.safetensors` | the parameters after the window with the lowest validation loss so far |
/// | `weights.jsonl` | the weights of training examples, one table per window (not task `optimizer`) |
/// | `weight-network.safetensors` | the trained weight network (task `reweighting`) |
/// | `run.log` | events, with times |
/// | `checkpoints` | a folder with the checkpoints for resuming |
///
/// Files that do not grow are written atomically. The two `.jsonl` files grow by whole lines, once
/// per window. Only the root rank has a run folder.
package struct RunFolder: Sendable {
  /// The folder's path, as the user would write it.
  package let path: String

  /// The location for the results of a run.
  package enum Location: Sendable {
    /// A folder named by the user; its parent must exist.
    case named(String)
    /// `runs/PRESET-DATE-TIME` in the current folder, with `-2`, `-3` … if that exists.
    case dated(preset: String)
  }

  /// The files of a run, by name.
  package enum File: String, CaseIterable, Sendable {
    case configuration = "config.yaml"
    case windows = "windows.jsonl"
    case trajectory = "trajectory.jsonl"
    case summary = "summary.json"
    case model = "model.safetensors"
    case graph = "model.onnx"
    case bestModel = "model-best.safetensors"
    case log = "run.log"
    case weights = "weights.jsonl"
    case weightNetwork = "weight-network.safetensors"
    case weightFunction = "weight-function.safetensors"
    case exampleWeights = "example-weights.safetensors"
    case lowestWeights = "lowest-weights.csv"
  }

  /// Creates the folder, or takes an existing one without a run, and checks that it is writable.
  ///
  /// A run locks it with ``begin(at:waiting:)``.
  ///
  /// - Throws: `RunFolderError` if it contains a run, cannot be created, or is not writable.
  package init(at location: Location) throws(RunFolderError) {
    switch location {
    case .named(let path): self.path = path
    case .dated(let preset): path = try Self.makeDated(preset: preset)
    }
    try Self.make(path)
    try Self.refuseRun(in: path)
    try Self.checkWritable(path)
  }

  /// An existing folder.
  package init(known path: String) { self.path = path }

  /// The path of one of the run's files.
  package func path(of file: File) -> String {
    path.hasSuffix("/") ? path + file.rawValue : "\(path)/\(file.rawValue)"
  }

  /// Writes `config.yaml`: the first file of a run after its log, and the mark of a run that can be
  /// resumed.
  ///
  /// - Throws: `FileError`
  package func writeConfiguration(_ yaml: String) throws(FileError) {
    try AtomicFile.write(yaml, to: path(of: .configuration))
  }

  /// Writes `summary.json`.
  ///
  /// - Throws: `FileError`
  package func writeSummary(_ summary: JSONValue) throws(FileError) {
    try AtomicFile.write(JSONText.document(summary), to: path(of: .summary))
  }

  /// Writes `model.safetensors`, or the best one.
  ///
  /// - Throws: `FileError`
  package func writeModel<Number: Scalar>(
    _ tensors: [NamedTensor<Number>], metadata: [(key: String, text: String)] = [],
    as file: File = .model
  ) throws(FileError) {
    try SafeTensorsFile.write(tensors, metadata: metadata, to: path(of: file))
  }

  /// Removes the best model, which belongs to windows that are trained again.
  package func removeBestModel() { _ = unlink(path(of: .bestModel)) }

  /// Writes a weight function.
  ///
  /// - Throws: `FileError`
  package func writeWeights(
    _ tensors: [NamedTensor<Double>], metadata: [(key: String, text: String)] = [], as file: File
  ) throws(FileError) {
    try SafeTensorsFile.write(tensors, metadata: metadata, to: path(of: file))
  }

  /// Writes `lowest-weights.csv`.
  ///
  /// - Throws: `FileError`
  package func writeLowestWeights(_ csv: String) throws(FileError) {
    try AtomicFile.write(csv, to: path(of: .lowestWeights))
  }

  /// Creates `weights.jsonl`.
  ///
  /// - Throws: `FileError` if another run has created it in the meantime, or it cannot be created.
  package func startWeights() throws(FileError) -> JSONLinesFile {
    try JSONLinesFile(creating: path(of: .weights), digits: .shortest)
  }

  /// Creates `windows.jsonl`.
  ///
  /// - Throws: `FileError` if another run has created it in the meantime, or it cannot be created.
  package func startWindows() throws(FileError) -> JSONLinesFile {
    try JSONLinesFile(creating: path(of: .windows), digits: .shortest)
  }

  /// Creates `trajectory.jsonl`.
  ///
  /// - Throws: `FileError` if another run has created it in the meantime, or it cannot be created.
  package func startTrajectory() throws(FileError) -> JSONLinesFile {
    try JSONLinesFile(creating: path(of: .trajectory), digits: .seventeen)
  }

  /// Creates a folder with an unused name, however many processes start in the same second.
  private static func makeDated(preset: String) throws(RunFolderError) -> String {
    if mkdir("runs", 0o777) != 0 && errno != EEXIST {
      throw .file(FileError(path: "runs", action: .create, code: errno))
    }
    let first = "runs/\(preset)-\(Clock.now(as: .folderName))"
    var candidate = first
    var number = 2
    while mkdir(candidate, 0o777) != 0 {
      guard errno == EEXIST else {
        throw .file(FileError(path: candidate, action: .create, code: errno))
      }
      candidate = "\(first)-\(number)"
      number += 1
    }
    return candidate
  }

  private static func make(_ path: String) throws(RunFolderError) {
    if mkdir(path, 0o777) == 0 { return }
    let code = errno
    let parent = parent(of: path)
    switch (code, PathKind(of: path)) {
    case (_, .folder): return
    case (_, .other): throw .isFile(folder: path, file: path)
    case (ENOENT, .nothing) where PathKind(of: parent) == .nothing:
      throw .parentMissing(folder: path, parent: parent)
    case (ENOTDIR, .nothing): throw .isFile(folder: path, file: parent)
    default: throw .file(FileError(path: path, action: .create, code: code))
    }
  }

  // An empty log belongs to a start in progress or one that was killed: locking it tells which.
  package static func refuseRun(in path: String) throws(RunFolderError) {
    for file in File.allCases {
      var status = stat()
      guard stat("\(path)/\(file.rawValue)", &status) == 0,
        file != .log || status.st_size > 0
      else { continue }
      throw .holdsRun(folder: path, file: file.rawValue)
    }
    if let window = RunFolder(known: path).filedWindows.first {
      throw .holdsRun(folder: path, file: name(ofWindow: window))
    }
  }

  // By writing: permissions alone do not reveal root, read-only disks and full disks.
  package static func checkWritable(_ path: String) throws(RunFolderError) {
    let probe = "\(path)/.write-check-\(getpid())"
    defer { _ = unlink(probe) }
    do throws(FileError) {
      let file = try OutputFile(path: probe, shownAs: path, flags: O_CREAT | O_TRUNC)
      try Array("glocal-dist\n".utf8).forEachPiece { piece throws(FileError) in
        try file.write(piece, kept: "")
      }
      try file.syncAndClose(kept: "")
    } catch {
      throw .file(error)
    }
  }

  package static func parent(of path: String) -> String {
    var trimmed = Substring(path)
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }
}
