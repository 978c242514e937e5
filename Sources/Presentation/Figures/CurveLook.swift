/// The line style of a curve.
package struct CurveLook: Equatable {
  /// The index in `GnuplotScript.colour`; nil: grey, for background curves.
  package var place: Int?
  /// gnuplot's dash type: 1 is solid, 2 is dashed.
  package var dash = 1
  package var width = 1.6

  package init(place: Int? = nil, dash: Int = 1, width: Double = 1.6) {
    self.place = place
    self.dash = dash
    self.width = width
  }

  /// A distinct style for each of many curves: once the colours are used up, lines are dashed.
  package static func numbered(_ index: Int) -> CurveLook {
    CurveLook(place: index, dash: 1 + index / GnuplotScript.colourCount)
  }

  /// A thin grey line.
  package static let quiet = CurveLook(place: nil, width: 0.8)

  /// The colour in gnuplot syntax.
  package var colour: String {
    "linecolor rgb \(place.map(GnuplotScript.colour) ?? GnuplotScript.quiet)"
  }

  /// Width, dashes and colour in gnuplot syntax.
  package var line: String { "linewidth \(width) dashtype \(dash) \(colour)" }

  /// The fill of an area in gnuplot syntax: paler if the line would be dashed.
  package var fill: String { "fillstyle solid \(dash == 1 ? 0.85 : 0.4) noborder \(colour)" }
}
