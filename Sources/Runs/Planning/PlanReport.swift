import Foundation
import Presentation
import Storage

extension Plan {
  /// A table for a terminal, and the command to submit.
  ///
  /// - Parameters:
  ///   - preset: the planned preset, as the user would write it.
  ///   - options: the options of `run` for this configuration, except the grid and the mode.
  ///   - most: the number of grids to show.
  package func table(preset: String, options: [String] = [], most: Int = 12) -> [String] {
    let ranks = cluster.nodes * cluster.ranksPerNode
    var lines = [
      "\(preset): \(hyperparameters) hyperparameters, \(windows) windows; "
        + "\(cluster.nodes) node(s) of \(cluster.ranksPerNode) rank(s)",
      "a shard on one core of this machine: gradient \(Self.milliseconds(rates.gradient)), "
        + "each tangent \(Self.milliseconds(rates.tangent)); a validation shard "
        + Self.milliseconds(rates.validation),
      "",
      Self.row(
        "grid", "mode", "s/window", "train", "valid", "sums", "efficiency", "MB/rank", "MB/sum"),
    ]
    for entry in entries.prefix(most) {
      let s = entry.seconds
      lines.append(
        Self.row(
          "\(entry.choice.columns)x\(entry.choice.data)", entry.choice.mode.rawValue,
          Self.three(s.total), Self.share(s.training, s.total), Self.share(s.validation, s.total),
          Self.share(s.communication, s.total), Self.share(entry.efficiency, 1),
          "\(entry.memory / 1_000_000)", Self.three(Double(entry.bytesPerSum) / 1e6))
          + (entry.fits ? "" : "  too much memory"))
    }
    guard let best = entries.first else { return lines }
    let total = best.seconds.total * Double(windows)
    // The implicit mode comes with its method: no key selects it.
    let mode =
      best.choice.mode == .implicit ? [] : ["--set", "mode=\(best.choice.mode.rawValue)"]
    let choice = ["--grid", "\(best.choice.columns)x\(best.choice.data)"] + mode
    let megabytes = Int(Double(best.memory) * Double(cluster.ranksPerNode) / 1e6) + 500
    lines += [
      "",
      "best: \(choice.joined(separator: " ")), about \(NumberText.duration(seconds: total)) for "
        + "\(windows) windows",
      "sbatch --nodes=\(cluster.nodes) --ntasks-per-node=\(cluster.ranksPerNode) "
        + "--cpus-per-task=1 --mem=\(megabytes)M "
        + "--time=\(Self.slurmTime(1.3 * total)) scripts/slurm/run.sbatch "
        + ([preset] + options + choice).map { Self.shellWord($0) }.joined(separator: " "),
    ]
    if ranks == 1 { lines.removeLast() }
    return lines
  }

  /// The plan as JSON.
  package var json: String {
    let entries: [JSONValue] = entries.map { entry in
      [
        "columns": .integer(entry.choice.columns), "data": .integer(entry.choice.data),
        "mode": .string(entry.choice.mode.rawValue),
        "seconds_per_window": .number(entry.seconds.total),
        "training_seconds": .number(entry.seconds.training),
        "validation_seconds": .number(entry.seconds.validation),
        "communication_seconds": .number(entry.seconds.communication),
        "efficiency": .number(entry.efficiency), "memory_bytes": .integer(entry.memory),
        "bytes_per_sum": .integer(entry.bytesPerSum), "fits": .bool(entry.fits),
      ]
    }
    return JSONText.document([
      "nodes": .integer(cluster.nodes), "ranks_per_node": .integer(cluster.ranksPerNode),
      "hyperparameters": .integer(hyperparameters), "windows": .integer(windows),
      "rates": rates.json,
      "grids": .array(entries),
    ])
  }

  private static func row(_ cells: String...) -> String {
    let widths = [8, 8, 10, 7, 7, 7, 11, 9, 8]
    return zip(cells, widths).map { cell, width in
      String(repeating: " ", count: max(0, width - cell.count)) + cell
    }.joined(separator: " ")
  }

  private static func three(_ value: Double) -> String { NumberText.brief(value) }

  private static func milliseconds(_ seconds: Double) -> String {
    "\(NumberText.brief(1000 * seconds)) ms"
  }

  private static func share(_ part: Double, _ whole: Double) -> String {
    // A fraction of zero is undefined.
    whole > 0 && part.isFinite ? "\(Int((100 * part / whole).rounded())) %" : "–"
  }

  /// A word quoted for a shell.
  package static func shellWord(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "_@%+=:,./-".utf8.contains(byte)
    }
    if plain, !word.isEmpty { return word }
    return "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }

  /// `H:MM:SS`, at least ten minutes.
  private static func slurmTime(_ seconds: Double) -> String {
    // Capped at a hundred years.
    let minutes = max(10, Int(min(seconds / 60, 60 * 24 * 36_500).rounded(.up)))
    return "\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60):00"
  }
}
