import Presentation
import Runs
import Storage

/// The HTML of a report: a single self-contained file.
struct ReportPage {
  /// A heading with its content.
  struct Section {
    let title: String
    var text = ""
    var tables: [(summary: String, table: HTMLTable)] = []
    var figures: [ReportFigure] = []

    var isEmpty: Bool { text.isEmpty && tables.isEmpty && figures.isEmpty }
  }

  private let title: String
  /// The results, in a few lines.
  private let headline: [String]
  private let sections: [Section]
  /// Notes on what could not be drawn, and why.
  private(set) var notes: [String] = []
  /// The complete page.
  private(set) var html = ""

  /// Draws the figures and assembles the page.
  ///
  /// - Parameter path: the folders to search for gnuplot; nil: those of `PATH`.
  init(title: String, headline: [String], sections: [Section], path: String?) {
    self.title = title
    self.headline = headline
    self.sections = sections.filter { !$0.isEmpty }
    // Built before the rest of the page, which notes what could not be drawn.
    let body = body(path: path)
    html = page(body)
  }

  private mutating func body(path: String?) -> String {
    var parts: [String] = []
    var count = 0
    for (place, section) in sections.enumerated() {
      parts.append(
        "<section id=\"section\(place + 1)\">\n<h2>\(HTMLText.escaped(section.title))</h2>")
      if !section.text.isEmpty { parts.append("<p>\(HTMLText.escaped(section.text))</p>") }
      for (summary, table) in section.tables {
        parts.append(summary.isEmpty ? table.element : details(summary, table, isOpen: true))
      }
      if !section.figures.isEmpty { parts.append("<div class=\"figures\">") }
      for figure in section.figures {
        count += 1
        parts.append(element(figure, identifier: "figure\(count)", path: path))
      }
      if !section.figures.isEmpty { parts.append("</div>") }
      parts.append("</section>")
    }
    return parts.joined(separator: "\n")
  }

  private mutating func element(
    _ figure: ReportFigure, identifier: String, path: String?
  ) -> String {
    var picture = ""
    switch Gnuplot.draw(
      figure.script.text, width: figure.width, height: figure.height, path: path)
    {
    case .drawing(let drawing):
      picture = drawing.element(identifier: identifier, title: figure.title)
    case .absent:
      if !notes.contains(Gnuplot.remedy) { notes.append(Gnuplot.remedy) }
    case .refused(let complaint):
      notes.append("\(figure.title): \(complaint)")
    }
    return """
      <figure style="max-width: \(figure.width)px">
      <h3>\(HTMLText.escaped(figure.title))</h3>
      \(picture)
      <figcaption>\(HTMLText.escaped(figure.caption))</figcaption>
      \(details("numbers", figure.table, isOpen: picture.isEmpty))
      </figure>
      """
  }

  private func details(_ summary: String, _ table: HTMLTable, isOpen: Bool) -> String {
    "<details\(isOpen ? " open" : "")><summary>\(HTMLText.escaped(summary))</summary>\n"
      + "\(table.element)</details>"
  }

  private func page(_ body: String) -> String {
    let lines = headline.map { "<p class=\"headline\">\(HTMLText.escaped($0))</p>" }
    let warnings = notes.map { "<p class=\"note\">\(HTMLText.escaped($0))</p>" }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(HTMLText.escaped(title))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <h1>\(HTMLText.escaped(title))</h1>
      \(lines.joined(separator: "\n"))
      \(warnings.joined(separator: "\n"))
      \(contents)
      \(body)
      <footer><p>glocal-dist \(programVersion), \(Clock.now(as: .logLine))</p></footer>
      </body>
      </html>

      """
  }

  /// Links to the sections.
  private var contents: String {
    let items = sections.enumerated().map { place, section in
      "<li><a href=\"#section\(place + 1)\">\(HTMLText.escaped(section.title))</a></li>"
    }
    return "<nav aria-label=\"Contents\"><ul>\n\(items.joined(separator: "\n"))\n</ul></nav>"
  }

  private static let style = """
    :root { color-scheme: light dark; --line: #8886; --mark: #e0a03033; }
    body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 1180px;
      padding: 0 1rem; background: Canvas; color: CanvasText; }
    h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.2rem; margin-top: 2rem;
      border-bottom: 1px solid var(--line); }
    h3 { font-size: 1rem; margin: 0.4rem 0; }
    .figures { display: flex; flex-wrap: wrap; gap: 1.2rem; align-items: flex-start; }
    figure { margin: 0; flex: 1 1 26rem; min-width: 0; }
    svg.plot { width: 100%; height: auto; display: block; }
    figcaption, footer, summary { font-size: 0.86rem; opacity: 0.85; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 0.82rem; font-variant-numeric: tabular-nums; }
    th, td { border-bottom: 1px solid var(--line); padding: 0.15rem 0.7rem 0.15rem 0;
      text-align: left; white-space: nowrap; }
    thead th { vertical-align: bottom; } tbody th { font-weight: normal; }
    tr.differs { background: var(--mark); }
    .headline { font-size: 1.1rem; margin: 0.3rem 0; overflow-wrap: anywhere; }
    nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; list-style: none; padding: 0; }
    .note { border-left: 3px solid #d98b1f; padding-left: 0.7rem; }
    """
}
