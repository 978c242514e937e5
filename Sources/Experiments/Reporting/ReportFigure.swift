/// A picture of the report with the numbers behind it.
struct ReportFigure {
  let title: String
  let caption: String
  let script: GnuplotScript
  /// Pixels.
  var width = 560
  var height = 340
  let table: HTMLTable
}
