/// A figure of the report with the numbers behind it.
package struct ReportFigure {
  package let title: String
  package let caption: String
  package let script: GnuplotScript
  /// The width in pixels.
  package var width = 560
  package var height = 340
  package let table: HTMLTable

  package init(
    title: String, caption: String, script: GnuplotScript, width: Int = 560, height: Int = 340,
    table: HTMLTable
  ) {
    self.title = title
    self.caption = caption
    self.script = script
    self.width = width
    self.height = height
    self.table = table
  }
}
