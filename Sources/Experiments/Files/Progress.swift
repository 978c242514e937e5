import Glibc

/// Where a run stands after a window or inside one: what the live line shows.
public struct Progress: Sendable {
  /// The last window done, or the one under way, from 1; and how many there are.
  public var window, windows: Int
  /// The mean training loss of the window.
  public var loss: Double?
  /// The share of validation images classified right, 0 … 1.
  public var validationAccuracy: Double?
  /// The values used in training, by configuration name.
  public var hyperparameters: [(name: String, value: Double)]
  /// The largest |λ| of the window's spectrum.
  public var spectralRadius: Double?
  /// Speed.
  public var windowsPerSecond: Double?
  /// What stands before the window, such as a seed.
  var title = ""
  /// How far the window under way has come, in words and as a share; nil where it is done.
  var inside: (text: String, share: Double)?
  /// How long it still takes; nil: as the speed says.
  var secondsLeft: Double?

  /// A report after a window.
  public init(
    window: Int, of windows: Int, loss: Double? = nil, validationAccuracy: Double? = nil,
    hyperparameters: [(name: String, value: Double)] = [], spectralRadius: Double? = nil,
    windowsPerSecond: Double? = nil
  ) {
    self.window = window
    self.windows = windows
    self.loss = loss
    self.validationAccuracy = validationAccuracy
    self.hyperparameters = hyperparameters
    self.spectralRadius = spectralRadius
    self.windowsPerSecond = windowsPerSecond
  }

  /// One line of text.
  ///
  /// `window 12/40 · 0:42 left · loss 0.34 · val acc 0.912 · lr 0.0123 · … · 3.2 windows/s`
  public var line: String { status.line }

  /// The same in parts.
  var status: LiveStatus {
    var parts = [title + "window \(window)/\(windows)" + (inside.map { ", \($0.text)" } ?? "")]
    if let timeLeft { parts.append(timeLeft) }
    if let loss { parts.append("loss \(Self.brief(loss))") }
    if let validationAccuracy { parts.append("val acc \(Self.brief(validationAccuracy))") }
    // A weight network has hundreds: the line has room for a few.
    parts += hyperparameters.prefix(4).map { "\(Self.shortName($0.name)) \(Self.brief($0.value))" }
    if let spectralRadius { parts.append("ρ \(Self.brief(spectralRadius))") }
    if let windowsPerSecond, windowsPerSecond > 0, windowsPerSecond.isFinite {
      parts.append("\(Self.brief(windowsPerSecond)) windows/s")
    }
    return LiveStatus(parts: parts, share: share)
  }

  /// How much of the run is done, 0 … 1.
  private var share: Double {
    let done = inside.map { Double(window - 1) + $0.share } ?? Double(window)
    return done / Double(max(1, windows))
  }

  private var timeLeft: String? {
    // What is not known from whole windows is a guess.
    if let secondsLeft { return "about \(Self.duration(seconds: secondsLeft)) left" }
    guard let windowsPerSecond, windowsPerSecond > 0, windowsPerSecond.isFinite else { return nil }
    let left = Double(windows - window) / windowsPerSecond
    return "\(Self.duration(seconds: left)) left"
  }

  /// Three significant digits in little room: `0.0123`, `4e-4`.
  static func brief(_ value: Double) -> String {
    guard value.isFinite else { return NonFinite.word(value) }
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      let magnitude = abs(value)
      // C switches to exponents below 1e-4 only; a line is shorter and clearer from 1e-3 on.
      let format = magnitude > 0 && magnitude < 1e-3 ? "%.2e" : "%.3g"
      let length = withVaList([value]) { vsnprintf(buffer.baseAddress, 32, format, $0) }
      return String(decoding: UnsafeRawBufferPointer(buffer)[..<Int(length)], as: UTF8.self)
    }
    guard let exponent = text.firstIndex(of: "e") else { return text }
    var digits = text[..<exponent]
    if digits.contains(".") {
      while digits.hasSuffix("0") { digits.removeLast() }
      if digits.hasSuffix(".") { digits.removeLast() }
    }
    return "\(digits)e\(Int(text[text.index(after: exponent)...]) ?? 0)"
  }

  /// Minutes and seconds, with hours in front when there are any: `0:42`, `3:04:05`.
  static func duration(seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(max(0, seconds).rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }

  /// `lr` of `learning-rate`, `wd` of `weight-decay`.
  static func shortName(_ name: String) -> String {
    switch name {
    case "learning-rate": "lr"
    case "weight-decay": "wd"
    default: name
    }
  }
}
