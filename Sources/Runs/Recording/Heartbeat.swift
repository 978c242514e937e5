/// Decides when the live line should be refreshed within a window: after a few seconds without
/// news, and once per second from then on.
///
/// Called before every inner step, so it only reads a clock.
package struct Heartbeat {
  private static let patience = 2.0
  private static let period = 1.0

  private let seconds: () -> Double
  private var next: Double

  /// Creates a heartbeat whose last news was now.
  ///
  /// - Parameter seconds: a clock with any origin.
  package init(seconds: @escaping () -> Double = Heartbeat.secondsSinceStart) {
    self.seconds = seconds
    next = seconds() + Self.patience
  }

  /// Whether to refresh the line now.
  package mutating func isDue() -> Bool {
    let now = seconds()
    guard now >= next else { return false }
    next = now + Self.period
    return true
  }

  /// Restarts the wait, because something else was shown.
  package mutating func rest() { next = seconds() + Self.patience }

  private static let start = ContinuousClock.now

  private static func secondsSinceStart() -> Double { (ContinuousClock.now - start).inSeconds }
}
