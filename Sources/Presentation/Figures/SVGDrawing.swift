import Foundation

/// An SVG picture, as written by gnuplot.
package struct SVGDrawing: Equatable, Sendable {
  /// The complete content of an `.svg` file.
  package let document: String

  /// Accepts a text that contains a complete picture; otherwise nil.
  package init?(_ document: String) {
    guard document.contains("<svg"), document.contains("</svg>") else { return nil }
    self.document = document
  }

  /// The picture as an element of an HTML page.
  ///
  /// Black takes the page's text colour, so that it is visible on a dark page, and identifiers
  /// inside get a prefix, since several pictures share the page.
  ///
  /// - Parameters:
  ///   - identifier: a word that is unique among the pictures of the page.
  ///   - title: what the picture shows, for people who cannot see it.
  package func element(identifier: String, title: String) -> String {
    guard let start = document.range(of: "<svg"), let end = document.range(of: "</svg>") else {
      return ""
    }
    let replacements = Self.replacements(identifier)
    // In the tags only: everything between them is text, whatever it looks like.
    let pieces = document[start.lowerBound..<end.upperBound].split(
      separator: "<", omittingEmptySubsequences: false)
    let text = pieces.map { piece -> String in
      let close = piece.firstIndex(of: ">") ?? piece.endIndex
      var tag = String(piece[..<close])
      for (old, new) in replacements { tag = tag.replacingOccurrences(of: old, with: new) }
      return tag + piece[close...]
    }.joined(separator: "<")
    // The tags of gnuplot's own title contain just "Gnuplot".
    return text.replacingOccurrences(
      of: "<title>Gnuplot</title>", with: "<title>\(HTMLText.escaped(title))</title>")
  }

  private static func replacements(_ identifier: String) -> [(String, String)] {
    [
      (" id='", " id='\(identifier)-"), (" id=\"", " id=\"\(identifier)-"),
      ("href='#", "href='#\(identifier)-"), ("url(#", "url(#\(identifier)-"),
      // HTML knows these namespaces, and a page without addresses loads nothing.
      ("xmlns=\"http://www.w3.org/2000/svg\"", "role=\"img\""),
      ("xmlns:xlink=\"http://www.w3.org/1999/xlink\"", "class=\"plot\""),
      ("color=\"black\"", "color=\"inherit\""),
      ("stroke='black'", "stroke='currentColor'"), ("stroke=\"black\"", "stroke=\"currentColor\""),
      ("fill='black'", "fill='currentColor'"), ("fill=\"black\"", "fill=\"currentColor\""),
    ]
  }
}
