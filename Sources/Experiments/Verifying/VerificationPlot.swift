import DynamicModes
import Foundation

/// Draws a verification by gnuplot: cosine, signs and relative error of every estimator by family.
struct VerificationPlot {
  let verification: Verification

  /// Writes `verify.gnuplot` to the folder and lets gnuplot make `verify.svg` of it.
  ///
  /// - Returns: what to tell the user: where the picture is, or why there is none.
  /// - Throws: `FileError` when the script cannot be written.
  func draw(in folder: String) throws(FileError) -> String {
    let path = "\(folder)/verify.gnuplot"
    try AtomicFile.write(script, to: path)
    let search = ProcessInfo.processInfo.environment["PATH"] ?? ""
    guard let program = ProgramStart.executable("gnuplot", path: search) else {
      return
        "no picture, for gnuplot is missing: apt-get install gnuplot-nox, then (cd \(folder) && "
        + "gnuplot verify.gnuplot)"
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["verify.gnuplot"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder, isDirectory: true)
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return "no picture: \(program) cannot be started" }
    process.waitUntilExit()
    return process.terminationStatus == 0
      ? "picture: \(folder)/verify.svg"
      : "no picture: gnuplot ended with \(process.terminationStatus) on \(path)"
  }

  /// What gnuplot reads; it holds the numbers too.
  var script: String {
    let families = verification.decays.count
    let labels = verification.decays.enumerated().map { place, decay in
      let name = verification.scores[place * Estimator.allCases.count].familyName
      return "\"\(name)\" \(place)"
    }
    return """
      set terminal svg size 900,1000 dynamic background "white" font "sans-serif,13"
      set output "verify.svg"
      $scores << END
      \(rows.joined(separator: "\n"))
      END
      set datafile missing "?"
      set multiplot layout 3,1 title "\(title)"
      set xtics (\(labels.joined(separator: ", ")))
      set xrange [-0.5:\(families - 1).5]
      set grid ytics
      set key outside right
      set ylabel "cosine with the truth"
      set yrange [-1.05:1.05]
      \(panel("yerrorbars pt 7", mean: 2, spread: [3]))
      set ylabel "right signs, %"
      set yrange [0:105]
      \(panel("yerrorbars pt 7", mean: 4, spread: [5]))
      set ylabel "relative error"
      set yrange [*:*]
      set logscale y
      \(panel("yerrorbars pt 7", mean: 6, spread: [7, 8]))
      unset multiplot

      """
  }

  private var title: String {
    "\(verification.preset), \(verification.configuration.method.rawValue): "
      + "\(verification.windows.count) window(s), \(verification.runs.count) run(s)"
  }

  /// Family, cosine ± sd, signs ± sd, error's median and quartiles; one block per estimator.
  private var rows: [String] {
    let estimators = Estimator.allCases.count
    return Estimator.allCases.indices.flatMap { estimator in
      verification.decays.indices.map { family in
        let score = verification.scores[family * estimators + estimator]
        let numbers: [Double?] = [
          score.cosine?.mean, score.cosine?.deviation, score.signShare.map { 100 * $0.mean },
          score.signShare.map { 100 * $0.deviation }, score.relativeError?.quartiles.median,
          score.relativeError?.quartiles.lower, score.relativeError?.quartiles.upper,
        ]
        // Side by side, not on top of each other.
        let place = Double(family) + 0.12 * (Double(estimator) - Double(estimators - 1) / 2)
        return ([place] + numbers).map { $0.map { "\($0)" } ?? "?" }.joined(separator: " ")
      } + ["", ""]
    }
  }

  private func panel(_ style: String, mean: Int, spread: [Int]) -> String {
    let columns = ([1, mean] + spread).map(String.init).joined(separator: ":")
    let series = Estimator.allCases.enumerated().map { place, estimator in
      "$scores index \(place) using \(columns) with \(style) title \"\(estimator.rawValue)\""
    }
    return "plot " + series.joined(separator: ", \\\n  ")
  }
}
