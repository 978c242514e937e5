import Presentation

/// The progress of a run after a window or within one, as shown on the live line.
package struct Progress: Sendable {
  /// The last completed or the current window, from 1; and the total number.
  package var window, windows: Int
  /// The mean training loss of the window.
  package var loss: Double?
  /// The validation accuracy, 0 … 1.
  package var validationAccuracy: Double?
  /// The values used in training, by configuration name.
  package var hyperparameters: [(name: String, value: Double)]
  /// The largest |λ| of the window's spectrum.
  package var spectralRadius: Double?
  /// Speed.
  package var windowsPerSecond: Double?
  /// The text before the window, such as a seed.
  package var title = ""
  /// The progress within the current window, in words and as a fraction; nil if it is complete.
  package var inside: (text: String, share: Double)?
  /// The remaining seconds; nil: computed from the speed.
  package var secondsLeft: Double?

  /// Creates a report after a window.
  package init(
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

  /// The report as one line of text.
  ///
  /// `window 12/40 · 0:42 left · loss 0.34 · val acc 0.912 · lr 0.0123 · … · 3.2 windows/s`
  package var line: String { status.line }

  /// The same in parts.
  package var status: LiveStatus {
    var parts = [title + "window \(window)/\(windows)" + (inside.map { ", \($0.text)" } ?? "")]
    if let timeLeft { parts.append(timeLeft) }
    if let loss { parts.append("loss \(NumberText.brief(loss))") }
    if let validationAccuracy { parts.append("val acc \(NumberText.brief(validationAccuracy))") }
    // A weight network has hundreds: the line has room for only a few.
    parts += hyperparameters.prefix(4).map {
      "\(Self.shortName($0.name)) \(NumberText.brief($0.value))"
    }
    if let spectralRadius { parts.append("ρ \(NumberText.brief(spectralRadius))") }
    if let windowsPerSecond, windowsPerSecond > 0, windowsPerSecond.isFinite {
      parts.append("\(NumberText.brief(windowsPerSecond)) windows/s")
    }
    return LiveStatus(parts: parts, share: share)
  }

  /// The completed fraction of the run, 0 … 1.
  private var share: Double {
    let done = inside.map { Double(window - 1) + $0.share } ?? Double(window)
    return done / Double(max(1, windows))
  }

  private var timeLeft: String? {
    // An estimate not based on complete windows is marked as a guess.
    if let secondsLeft { return "about \(NumberText.duration(seconds: secondsLeft)) left" }
    guard let windowsPerSecond, windowsPerSecond > 0, windowsPerSecond.isFinite else { return nil }
    let left = Double(windows - window) / windowsPerSecond
    return "\(NumberText.duration(seconds: left)) left"
  }

  /// Abbreviates `learning-rate` to `lr` and `weight-decay` to `wd`.
  package static func shortName(_ name: String) -> String {
    switch name {
    case "learning-rate": "lr"
    case "weight-decay": "wd"
    default: name
    }
  }
}
