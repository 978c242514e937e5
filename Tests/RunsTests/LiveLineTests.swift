import Hypergradients
import TestSupport
import Testing

@testable import Presentation
@testable import Runs

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
        == "window 12/40 · 0:09 left · loss 0.34 · val acc 0.912 · lr 0.0123 · momentum 0.91 · "
        + "wd 4e-4 · ρ 0.98 · 3.2 windows/s")
    #expect(Progress(window: 1, of: 2, loss: .nan).line == "window 1/2 · loss nan")
  }

  @Test("80 columns keep the time left and lose what is worth least")
  func eightyColumns() {
    let status = progress(12, of: 40).status
    #expect(
      status.line(columns: 79)
        == "window 12/40 · 0:09 left · loss 0.34 · val acc 0.912 · lr 0.0123")
    #expect(status.line(columns: 30) == "window 12/40 · 0:09 left")
    #expect(status.line(columns: 8) == "window …")
    #expect(status.line(columns: 1000) == status.line)
  }

  @Test("inside a window it says the step, and the time left is a guess")
  func inside() {
    var progress = progress(12, of: 40)
    progress.inside = ("step 20/50", 0.4)
    progress.secondsLeft = 9.2
    progress.title = "untuned: "
    #expect(
      progress.status.line(columns: 64)
        == "untuned: window 12/40, step 20/50 · about 0:10 left · loss 0.34")
    #expect(abs(progress.status.share - 11.4 / 40) < 1e-12)
  }

  @Test("plain lines move inside a long window, twenty of them in all")
  func plainInside() {
    let live = live(.plain)
    for step in 0...1000 {
      var progress = progress(1, of: 2)
      progress.inside = ("step \(step)/1000", Double(step) / 1000)
      live.show(progress.status)
    }
    live.show(progress(1, of: 2).status)
    #expect(sink.text.split(separator: "\n").count == 11)
    // Another training counts anew.
    live.begin()
    live.show(progress(1, of: 2).status)
    #expect(sink.text.split(separator: "\n").count == 12)
  }

  @Test("a heartbeat waits two seconds, beats once a second, and waits again after news")
  func heartbeat() {
    final class Time { var now = 100.0 }
    let time = Time()
    var heartbeat = Heartbeat { time.now }
    var beats: [Double] = []
    for step in 0..<40 {
      time.now = 100 + 0.25 * Double(step)
      if step == 22 { heartbeat.rest() }
      if heartbeat.isDue() { beats.append(time.now - 100) }
    }
    #expect(beats == [2, 3, 4, 5, 7.5, 8.5, 9.5])
  }

  @Test("steps are those done, on the way back those of the way back")
  func windowSteps() {
    var steps = WindowSteps(all: 4)
    #expect(steps.text == "step 0/4" && steps.share == 0)
    steps.pass(.step)
    #expect(steps.text == "step 0/4")
    for point in [SafePoint.step, .observation, .observation] { steps.pass(point) }
    #expect(steps.text == "step 3/4" && steps.share == 0.75)
    // Trained again on the way back.
    for _ in 0..<9 { steps.pass(.step) }
    #expect(steps.text == "step 4/4")
    steps.pass(.wayBack)
    #expect(steps.text == "back over step 1/4" && steps.share == 0.625)
  }

  @Test("an attempt has the steps of its method")
  func stepsOfAttempts() throws {
    func steps(_ method: String, _ window: Int) throws -> Int {
      try configuration(["method=\(method)", "inner.steps=150", "window.length=50"])
        .steps(ofWindow: window)
    }
    #expect(try steps("glocal", 1) == 50 && steps("none", 3) == 50)
    #expect(try steps("global", 1) == 150 && steps("global", 2) == 100)
    #expect(try steps("global-restart", 5) == 150)
  }

  @Test(
    arguments: [
      (0.0, "0"), (4e-4, "4e-4"), (1.234e-5, "1.23e-5"), (0.00123456, "0.00123"), (1, "1"),
      (123456, "1.23e5"), (-0.5, "-0.5"), (1e-10, "1e-10"),
    ])
  func brief(value: Double, text: String) { #expect(NumberText.brief(value) == text) }

  @Test(arguments: [(0.2, "0:01"), (42, "0:42"), (725, "12:05"), (11045, "3:04:05")])
  func durations(seconds: Double, text: String) {
    #expect(NumberText.duration(seconds: seconds) == text)
  }

  @Test func rewritesOneLineOnATerminal() {
    let live = live(.terminal(width: { 16 }))
    live.show(progress(1, of: 40).status)
    live.show(progress(2, of: 40).status)
    live.say("retreat")
    live.clear()
    live.clear()
    // 15 of 16 columns: no part is cut in two.
    #expect(
      sink.text
        == "\rwindow 1/40\u{1B}[K" + "\rwindow 2/40\u{1B}[K" + "\r\u{1B}[K" + "retreat\n"
        + "\rwindow 2/40\u{1B}[K" + "\r\u{1B}[K")
  }

  @Test func printsAboutTwentyPlainLines() {
    let live = live(.plain)
    for window in 1...400 { live.show(progress(window, of: 400).status) }
    live.clear()
    let lines = sink.text.split(separator: "\n")
    #expect(lines.count == 21)
    #expect(lines.first?.hasPrefix("window 1/400") == true)
    #expect(lines.last?.hasPrefix("window 400/400") == true)
    #expect(!sink.text.contains("\r") && !sink.text.contains("\u{1B}"))
  }

  @Test func printsEveryWindowOfAShortRun() {
    let live = live(.plain)
    for window in 1...5 { live.show(progress(window, of: 5).status) }
    #expect(sink.text.split(separator: "\n").count == 5)
  }

  @Test func quietShowsNoProgressButSaysWhatItMust() {
    let live = live(.silent)
    live.show(progress(1, of: 2).status)
    live.say("warning")
    #expect(sink.text == "warning\n")
  }
}
