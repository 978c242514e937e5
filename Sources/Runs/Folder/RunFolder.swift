import Glibc
import Storage
import Tensors

/// The folder a run leaves its results in.
///
/// | file | is |
/// |---|---|
/// | `config.yaml` | the resolved configuration; running it again gives the same bits |
/// | `windows.jsonl` | one JSON object a window |
/// | `trajectory.jsonl` | the local hypergradients, one observed step a line |
/// | `trajectory` | a folder with one file a window instead, where they are many numbers |
/// | `summary.json` | the results |
/// | `model.safetensors` | the trained parameters under PyTorch's names |
/// | `model-best.safetensors` | those after the window with the lowest validation loss so far |
/// | `weights.jsonl` | the weights of training examples, one table a window (not task `optimizer`) |
/// | `weight-network.safetensors` | the trained weight network (task `reweighting`) |
/// | `run.log` | what happened, with times |
/// | `checkpoints` | a folder with what is needed to go on |
///
/// Whole files appear whole or not at all. The two `.jsonl` files grow by whole lines, once a window.
/// Only the root rank has a run folder.
package struct RunFolder: Sendable {
  /// The folder's path, as the user would write it.
  package let path: String

  /// Where the results of a run go.
  package enum Location: Sendable {
    /// The folder the user named; its parent must exist.
    case named(String)
    /// `runs/PRESET-DATE-TIME` below the current folder, with `-2`, `-3` … when that is taken.
    case dated(preset: String)
  }

  /// The files of a run, by name.
  package enum File: String, CaseIterable, Sendable {
    case configuration = "config.yaml"
    case windows = "windows.jsonl"
    case trajectory = "trajectory.jsonl"
    case summary = "summary.json"
    case model = "model.safetensors"
    case bestModel = "model-best.safetensors"
    case log = "run.log"
    case weights = "weights.jsonl"
    case weightNetwork = "weight-network.safetensors"
    case weightFunction = "weight-function.safetensors"
    case exampleWeights = "example-weights.safetensors"
    case lowestWeights = "lowest-weights.csv"
  }

  /// Makes the folder, or takes one that exists and holds no run, and checks that it can be written.
  ///
  /// A run takes it with ``begin(at:waiting:)``, for itself alone.
  ///
  /// - Throws: `RunFolderError` when it holds a run, cannot be made, or cannot be written.
  package init(at location: Location) throws(RunFolderError) {
    switch location {
    case .named(let path): self.path = path
    case .dated(let preset): path = try Self.makeDated(preset: preset)
    }
    try Self.make(path)
    try Self.refuseRun(in: path)
    try Self.checkWritable(path)
  }

  /// A folder that was made before.
  package init(known path: String) { self.path = path }

  /// The path of one of the run's files.
  package func path(of file: File) -> String {
    path.hasSuffix("/") ? path + file.rawValue : "\(path)/\(file.rawValue)"
  }

  /// Writes `config.yaml`: the first file of a run but for its log, and the mark of one to go on with.
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

  /// Takes the best model away: that of windows which are trained anew.
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

  /// Starts `weights.jsonl`.
  ///
  /// - Throws: `FileError` when another run has started it meanwhile, or it cannot be made.
  package func startWeights() throws(FileError) -> JSONLinesFile {
    try JSONLinesFile(creating: path(of: .weights), digits: .shortest)
  }

  /// Starts `windows.jsonl`.
  ///
  /// - Throws: `FileError` when another run has started it meanwhile, or it cannot be made.
  package func startWindows() throws(FileError) -> JSONLinesFile {
    try JSONLinesFile(creating: path(of: .windows), digits: .shortest)
  }

  /// Starts `trajectory.jsonl`.
  ///
  /// - Throws: `FileError` when another run has started it meanwhile, or it cannot be made.
  package func startTrajectory() throws(FileError) -> JSONLinesFile {
    try JSONLinesFile(creating: path(of: .trajectory), digits: .seventeen)
  }

  /// Makes a folder that was not there before, however many processes start in the same second.
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

  // An empty log is that of a start under way, or of one that was killed: who takes it will see.
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

  // By writing: permissions alone say nothing about root, read-only disks and full ones.
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
