import DynamicModes
import Foundation
import Presentation
import Storage

/// Draws a verification with gnuplot: cosine, signs and relative error of every estimator by
/// family.
struct VerificationPlot {
  let verification: Verification

  /// Writes `verify.gnuplot` to the folder and has gnuplot draw `verify.svg` from it.
  ///
  /// - Returns: a message for the user: where the picture is, or why there is none.
  /// - Throws: `FileError` if the script cannot be written.
  func draw(in folder: String) throws(FileError) -> String {
    let path = "\(folder)/verify.gnuplot"
    try AtomicFile.write(script, to: path)
    guard let program = Gnuplot.program() else {
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

  /// The gnuplot script, including the data.
  var script: String {
    let labels = verification.decays.enumerated().map { place, decay in
      let name = verification.scores[place * Estimator.allCases.count].familyName
      return "\(GnuplotText.ticLabel(name)) \(place)"
    }
    return """
      set terminal svg size 900,1000 dynamic background "white" font "sans-serif,13" noenhanced
      set output "verify.svg"
      \(blocks.joined(separator: "\n"))
      set datafile missing "?"
      set multiplot layout 3,1 title \(GnuplotText.quoted(title, limit: 90))
      set border 3 linewidth 0.8
      set tics nomirror out scale 0.6
      set grid ytics linewidth 0.5 linecolor rgb \(GnuplotScript.quiet) dashtype 3
      set lmargin 10
      set rmargin 2
      set xtics (\(labels.joined(separator: ", ")))
      set xrange [-0.5:\(verification.decays.count - 1).5]
      set key above center horizontal samplen 1 maxcols 7
      set ylabel "cosine with the truth"
      set yrange [-1.05:1.05]
      \(panel(.cosine, level: 0, hasLegend: true))
      unset key
      set ylabel "right signs, %"
      set yrange [-2:102]
      set ytics 25
      \(panel(.signs, level: 50, hasLegend: false))
      set ylabel "relative error"
      set yrange [*:*]
      set ytics auto
      set logscale y
      set format y '%g'
      \(panel(.error, level: 1, hasLegend: false))
      unset multiplot

      """
  }

  private var title: String {
    "\(verification.preset), \(verification.configuration.method.rawValue): "
      + "\(verification.windows.count) window(s), \(verification.runs.count) run(s)"
  }

  /// The quantity shown in a panel; bars are clipped to its scale.
  private enum Quantity: Int {
    case cosine, signs, error

    /// The value and both ends of its bar; nil if there is none.
    func bar(_ score: EstimatorScore) -> [Double]? {
      func clipped(_ spread: Spread?, _ unit: Double, _ range: ClosedRange<Double>) -> [Double]? {
        spread.map { spread in
          [0, -spread.deviation, spread.deviation].map {
            min(range.upperBound, max(range.lowerBound, unit * (spread.mean + $0)))
          }
        }
      }
      switch self {
      case .cosine: return clipped(score.cosine, 1, -1...1)
      case .signs: return clipped(score.signShare, 100, 0...100)
      case .error:
        // The axis is logarithmic: an error of 0 is drawn at its lower end.
        guard let (lower, median, upper) = score.relativeError?.quartiles else { return nil }
        return [median, lower, upper].map { max($0, 1e-9) }
      }
    }
  }

  /// Family, cosine, signs and error with the ends of their bars: one block per estimator, one for
  /// the configuration's own and one for the best.
  private var blocks: [String] {
    let best = verification.ranking.first
    let estimators = Estimator.allCases.indices.map { estimator in
      verification.decays.indices.map { row(family: $0, estimator) }
    }
    let all = verification.decays.indices.flatMap { family in
      Estimator.allCases.indices.map { (family, $0) }
    }
    let own = all.filter { verification.isOwn(score($0, $1)) }.map { row(family: $0, $1) }
    let first = all.filter { family, estimator in
      let one = score(family, estimator)
      return one.decay == best?.decay && one.estimator == best?.estimator
    }.map { row(family: $0, $1) }
    return (estimators + [own, first]).enumerated().map { place, rows in
      (["$scores\(place) << END"] + (rows.isEmpty ? [Self.empty] : rows) + ["END"])
        .joined(separator: "\n")
    }
  }

  private static let empty = Array(repeating: "?", count: 10).joined(separator: " ")

  private func score(_ family: Int, _ estimator: Int) -> EstimatorScore {
    verification.scores[family * Estimator.allCases.count + estimator]
  }

  private func row(family: Int, _ estimator: Int) -> String {
    let score = score(family, estimator)
    // Side by side rather than overlapping.
    let place =
      Double(family) + 0.12 * (Double(estimator) - Double(Estimator.allCases.count - 1) / 2)
    let numbers = [Quantity.cosine, .signs, .error].flatMap { quantity -> [Double?] in
      quantity.bar(score).map { $0.map { $0.isFinite ? $0 : nil } } ?? [nil, nil, nil]
    }
    return ([place] + numbers).map { $0.map { "\($0)" } ?? "?" }.joined(separator: " ")
  }

  private func panel(_ quantity: Quantity, level: Double, hasLegend: Bool) -> String {
    let first = 2 + 3 * quantity.rawValue
    let columns = [1, first, first + 1, first + 2].map { "\($0)" }.joined(separator: ":")
    func title(_ text: String) -> String {
      hasLegend ? "title \(GnuplotText.quoted(text))" : "notitle"
    }
    let count = Estimator.allCases.count
    let series = Estimator.allCases.enumerated().map { place, estimator in
      "$scores\(place) using \(columns) with yerrorbars pointtype 7 pointsize 0.7 linewidth 1.4 "
        + "\(CurveLook(place: place).colour) \(title(estimator.rawValue))"
    }
    let rings = [(count, 6, "asked for"), (count + 1, 12, "most right signs")].map {
      "$scores\($0) using 1:\(first) with points pointtype \($1) pointsize 1.6 linewidth 1.4 "
        + "linecolor rgb 'black' \(title($2))"
    }
    return "plot "
      + (["\(level) with lines \(GnuplotScript.rule) notitle"] + series + rings)
      .joined(separator: ", \\\n  ")
  }
}
