import Testing

@testable import Experiments

@Suite struct LiveLineOutput {
  private final class Sink { var text = "" }
  private let sink = Sink()

  private func live(_ style: LiveLine.Style) -> LiveLine {
    LiveLine(style: style) { [sink] in sink.text += $0 }
  }

  private func progress(_ window: Int, of windows: Int) -> Progress {
    Progress(
      window: window, of: windows, loss: 0.34, validationAccuracy: 0.912,
      hyperparameters: [("learning-rate", 0.0123), ("momentum", 0.91), ("weight-decay", 4e-4)],
      spectralRadius: 0.98, windowsPerSecond: 3.2)
  }

  @Test(
    arguments: [
      ("xterm-256color", true), ("linux", true), ("dumb", false), ("unknown", false), ("", false),
      (nil, false),
    ] as [(String?, Bool)])
  func rewritesOnlyWhereTheTerminalCan(type: String?, canRewrite: Bool) {
    #expect(Terminal.canRewrite(type) == canRewrite)
  }

  @Test func tellsWhereTheRunStands() {
    #expect(
      progress(12, of: 40).line
        == "window 12/40 · loss 0.34 · val acc 0.912 · lr 0.0123 · momentum 0.91 · wd 4e-4 · ρ 0.98 · "
        + "3.2 windows/s · 0:09 left")
    #expect(Progress(window: 1, of: 2, loss: .nan).line == "window 1/2 · loss nan")
  }

  @Test(
    arguments: [
      (0.0, "0"), (4e-4, "4e-4"), (1.234e-5, "1.23e-5"), (0.00123456, "0.00123"), (1, "1"),
      (123456, "1.23e5"), (-0.5, "-0.5"), (1e-10, "1e-10"),
    ])
  func brief(value: Double, text: String) { #expect(Progress.brief(value) == text) }

  @Test(arguments: [(0.2, "0:01"), (42, "0:42"), (725, "12:05"), (11045, "3:04:05")])
  func durations(seconds: Double, text: String) {
    #expect(Progress.duration(seconds: seconds) == text)
  }

  @Test func rewritesOneLineOnATerminal() {
    let live = live(.terminal(width: { 16 }))
    live.show(progress(1, of: 40))
    live.show(progress(2, of: 40))
    live.say("retreat")
    live.clear()
    live.clear()
    // 15 of 16 columns, the last one an ellipsis.
    #expect(
      sink.text
        == "\rwindow 1/40 · …\u{1B}[K" + "\rwindow 2/40 · …\u{1B}[K" + "\r\u{1B}[K" + "retreat\n"
        + "\rwindow 2/40 · …\u{1B}[K" + "\r\u{1B}[K")
  }

  @Test func printsAboutTwentyPlainLines() {
    let live = live(.plain)
    for window in 1...400 { live.show(progress(window, of: 400)) }
    live.clear()
    let lines = sink.text.split(separator: "\n")
    #expect(lines.count == 21)
    #expect(lines.first?.hasPrefix("window 1/400") == true)
    #expect(lines.last?.hasPrefix("window 400/400") == true)
    #expect(!sink.text.contains("\r") && !sink.text.contains("\u{1B}"))
  }

  @Test func printsEveryWindowOfAShortRun() {
    let live = live(.plain)
    for window in 1...5 { live.show(progress(window, of: 5)) }
    #expect(sink.text.split(separator: "\n").count == 5)
  }

  @Test func quietShowsNoProgressButSaysWhatItMust() {
    let live = live(.silent)
    live.show(progress(1, of: 2))
    live.say("warning")
    #expect(sink.text == "warning\n")
  }
}
