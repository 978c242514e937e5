import Presentation

/// Whether pictures can be drawn here.
package enum GnuplotFixture {
  package static let isThere = Gnuplot.draw("plot sin(x)") != .absent
}
