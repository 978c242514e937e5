import Foundation
import Runs
import Storage

/// A run's folder with a made-up trajectory: what the tests of `replay`, `report` and `export` look at.
package struct MadeUpRun {
  package let folder: TemporaryFolder

  /// The folder of the run.
  package var path: String { folder.path }

  /// Windows of damped oscillations around a limit, the same ones every time.
  ///
  /// - Parameters:
  ///   - windows: how many.
  ///   - observed: σ.
  ///   - q: the hyperparameters; 3 are those of the optimizer, others those of weight networks.
  package init(windows: Int, observed: Int, q: Int = 3, settings: [String] = []) throws {
    folder = try TemporaryFolder()
    var assignments = [
      "window.observed=\(observed)", "inner.steps=\(50 * windows)", "window.length=50",
    ]
    if q > 3 { assignments.append("task=reweighting") }
    let yaml = try configuration(assignments + settings).yaml(comments: false)
    try yaml.write(toFile: file(.configuration), atomically: true, encoding: .utf8)
    var lines: [String] = []
    for window in 1...windows {
      for row in 0..<observed {
        let step = 50 * window - observed + row + 1
        let h = (0..<q).map { j in
          let phase = Double(j) + 0.1 * Double(window)
          return sin(phase) + pow(0.9, Double(row)) * cos(0.7 * Double(row) + phase)
            + 0.01 * sin(Double(97 * row + 31 * j + 7 * window))
        }
        lines.append(
          JSONText.line(
            ["window": .integer(window), "step": .integer(step), "h": .numbers(h)],
            digits: .seventeen))
      }
    }
    try write(lines, .trajectory)
    try write(
      (1...windows).map { window in
        JSONText.line([
          "window": .integer(window), "first_step": .integer(50 * window - 49),
          "last_step": .integer(50 * window),
          "hyperparameters": ["learning-rate": 0.1, "momentum": 0.9],
          "raw": .numbers((0..<q).map { Double($0) }), "used": "last", "fallback": nil,
          "estimates": ["last": .numbers((0..<q).map { sin(Double($0 + window)) })],
        ])
      }, .windows)
  }

  /// The path of a file.
  package func file(_ file: RunFolder.File) -> String { "\(path)/\(file.rawValue)" }

  /// The lines of a file.
  package func lines(_ file: RunFolder.File) throws -> [String] {
    try String(contentsOfFile: self.file(file), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  /// Puts lines into a file.
  package func write(_ lines: [String], _ file: RunFolder.File) throws {
    try (lines.joined(separator: "\n") + "\n")
      .write(toFile: self.file(file), atomically: true, encoding: .utf8)
  }
}
