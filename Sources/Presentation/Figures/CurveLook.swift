/// How a curve is drawn.
package struct CurveLook: Equatable {
  /// The place in `GnuplotScript.colour`; nil: grey, for what stands behind the others.
  package var place: Int?
  /// gnuplot's dash type: 1 is a whole line, 2 a broken one.
  package var dash = 1
  package var width = 1.6

  package init(place: Int? = nil, dash: Int = 1, width: Double = 1.6) {
    self.place = place
    self.dash = dash
    self.width = width
  }

  /// A look of its own for each of many: when the colours have been used up the lines are broken.
  package static func numbered(_ index: Int) -> CurveLook {
    CurveLook(place: index, dash: 1 + index / GnuplotScript.colourCount)
  }

  /// Grey and thin.
  package static let quiet = CurveLook(place: nil, width: 0.8)

  /// The colour, as gnuplot takes it.
  package var colour: String {
    "linecolor rgb \(place.map(GnuplotScript.colour) ?? GnuplotScript.quiet)"
  }

  /// Width, dashes and colour.
  package var line: String { "linewidth \(width) dashtype \(dash) \(colour)" }

  /// How an area is filled: paler where the line would be broken.
  package var fill: String { "fillstyle solid \(dash == 1 ? 0.85 : 0.4) noborder \(colour)" }
}
