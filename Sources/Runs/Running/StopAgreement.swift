import Hypergradients
import MessagePassing

/// Whether any rank has got a signal to stop, agreed on by all of them at their safe points.
///
/// The agreement itself is made about five times a second: not at every safe point, but after as many of
/// one kind as took that long so far, the same number on all ranks. So it costs nothing where steps
/// are short, and where they are long the answer comes before the next one.
package final class StopAgreement {
  private struct Pace {
    /// Safe points between two agreements, and those left until the next one.
    var interval = 1
    var left = 1
    var last: Double
  }

  private static let period = 0.2
  private static let mostPoints = 1000

  private let world: any Communicator
  private let received: () -> Bool
  private let seconds: () -> Double
  private var paces: [SafePoint: Pace] = [:]
  private var hasStopped = false

  /// An agreement of all ranks.
  ///
  /// - Parameters:
  ///   - received: whether this rank has got a signal.
  ///   - seconds: since whenever.
  package init(
    _ world: any Communicator, received: @escaping () -> Bool = { StopSignal.received != nil },
    seconds: @escaping () -> Double = StopAgreement.secondsSinceStart
  ) {
    self.world = world
    self.received = received
    self.seconds = seconds
  }

  private static let start = ContinuousClock.now

  private static func secondsSinceStart() -> Double { (ContinuousClock.now - start).inSeconds }

  /// The answer at a safe point; a collective.
  ///
  /// Once it is yes, it stays so.
  package func shouldStop(at point: SafePoint) -> Bool {
    if hasStopped { return true }
    var pace = paces[point] ?? Pace(last: seconds())
    defer { paces[point] = pace }
    pace.left -= 1
    guard pace.left == 0 else { return false }
    let now = seconds()
    var answers = [received() ? 1 : 0, now - pace.last]
    answers.withUnsafeMutableBufferPointer { world.allreduce($0, .maximum) }
    hasStopped = answers[0] > 0
    // A kind of step that becomes slower must not be far from its next agreement: grow slowly.
    let points = Double(pace.interval) * Self.period / max(answers[1], 1e-6)
    pace.interval = Int(
      min(max(points, 1), Double(2 * pace.interval), Double(Self.mostPoints)))
    pace.left = pace.interval
    pace.last = now
    return hasStopped
  }
}
