import Foundation

/// Runs gnuplot as a process: a script goes in, a picture comes out.
///
///     switch Gnuplot.draw("plot sin(x)") {
///     case .drawing(let drawing): print(drawing.document)
///     case .absent: print(Gnuplot.remedy)
///     case .refused(let complaint): print(complaint)
///     }
///
/// The terminal is set before the script runs. The user's `~/.gnuplot` is ignored, so that pictures
/// look the same everywhere.
package enum Gnuplot {
  /// The outcome of a script.
  package enum Outcome: Equatable, Sendable {
    /// The picture.
    case drawing(SVGDrawing)
    /// There is no gnuplot on the `PATH`.
    case absent
    /// gnuplot's error message.
    case refused(String)

    /// The picture, or nil.
    package var drawing: SVGDrawing? {
      if case .drawing(let drawing) = self { drawing } else { nil }
    }
  }

  /// What to do if gnuplot is missing.
  package static let remedy =
    "Pictures are drawn by gnuplot, which is not installed here: install it (Debian: "
    + "apt-get install gnuplot-nox), then give the same command again."

  /// Draws a script.
  ///
  /// - Parameters:
  ///   - script: gnuplot commands; quote texts in them with `GnuplotText`.
  ///   - width: of the picture, in pixels.
  ///   - height: of the picture, in pixels.
  ///   - path: the folders to search for gnuplot; nil: those of `PATH`.
  package static func draw(
    _ script: String, width: Int = 640, height: Int = 360, path: String? = nil
  ) -> Outcome {
    guard let program = program(path: path) else { return .absent }
    // Not enhanced text: an underscore in a file name must not become a subscript.
    let terminal =
      "set terminal svg size \(width),\(height) dynamic font 'sans-serif,12' noenhanced"
    do {
      return try outcome(of: program, "\(terminal)\n\(script)\n")
    } catch {
      return .refused("gnuplot cannot be started: \(error)")
    }
  }

  /// The path of gnuplot in the folders of `path`, or nil; defaults to the process's own `PATH`.
  package static func program(path: String? = nil) -> String? {
    let folders = path ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
    return folders.split(separator: ":").lazy.map { "\($0)/gnuplot" }.first {
      access($0, X_OK) == 0
    }
  }

  private static func outcome(of program: String, _ script: String) throws -> Outcome {
    // Files rather than pipes: neither side can block waiting for the other to read.
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("glocal-gnuplot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output, errors) = (
      folder.appendingPathComponent("in"), folder.appendingPathComponent("out"),
      folder.appendingPathComponent("err")
    )
    try Data(script.utf8).write(to: input)
    for file in [output, errors] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["--default-settings"]
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    if process.terminationStatus == 0, let drawing = SVGDrawing(text) { return .drawing(drawing) }
    let complaint = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    return .refused("gnuplot: \(complaint.isEmpty ? "no picture came out" : complaint)")
  }
}
