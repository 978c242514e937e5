/// Says when the live line is to move although nothing has ended: after a few seconds without
/// news, and once a second from then on.
///
/// Asked before every inner step: it looks at a clock once and does nothing else.
package struct Heartbeat {
  private static let patience = 2.0
  private static let period = 1.0

  private let seconds: () -> Double
  private var next: Double

  /// A heartbeat that has had its last news now.
  ///
  /// - Parameter seconds: since whenever.
  package init(seconds: @escaping () -> Double = Heartbeat.secondsSinceStart) {
    self.seconds = seconds
    next = seconds() + Self.patience
  }

  /// Whether something is to be shown now.
  package mutating func isDue() -> Bool {
    let now = seconds()
    guard now >= next else { return false }
    next = now + Self.period
    return true
  }

  /// Waits again: something else was shown.
  package mutating func rest() { next = seconds() + Self.patience }

  private static let start = ContinuousClock.now

  private static func secondsSinceStart() -> Double { (ContinuousClock.now - start).inSeconds }
}
