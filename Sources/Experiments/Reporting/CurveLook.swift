/// How a curve is drawn.
struct CurveLook: Equatable {
  /// The place in `GnuplotScript.colour`; nil: grey, for what stands behind the others.
  var place: Int?
  /// gnuplot's dash type: 1 is a whole line, 2 a broken one.
  var dash = 1
  var width = 1.6

  /// A look of its own for each of many: when the colours have been used up the lines are broken.
  static func numbered(_ index: Int) -> CurveLook {
    CurveLook(place: index, dash: 1 + index / GnuplotScript.colourCount)
  }

  /// Grey and thin.
  static let quiet = CurveLook(place: nil, width: 0.8)

  /// The colour, as gnuplot takes it.
  var colour: String {
    "linecolor rgb \(place.map(GnuplotScript.colour) ?? GnuplotScript.quiet)"
  }

  /// Width, dashes and colour.
  var line: String { "linewidth \(width) dashtype \(dash) \(colour)" }

  /// How an area is filled: paler where the line would be broken.
  var fill: String { "fillstyle solid \(dash == 1 ? 0.85 : 0.4) noborder \(colour)" }
}
