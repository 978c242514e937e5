import Hypergradients
import Settings

/// How far an attempt at a window has come, counted from the safe points on its way.
package struct WindowSteps: Equatable {
  /// The inner steps of the attempt.
  package let all: Int
  private var begun = 0
  private var back = 0

  /// An attempt at its start.
  package init(all: Int) { self.all = max(1, all) }

  /// Takes note of a safe point.
  package mutating func pass(_ point: SafePoint) {
    switch point {
    case .step, .observation: begun += 1
    case .wayBack: back += 1
    }
  }

  /// The steps done: all those begun but the one under way; on the way back some are trained again.
  package var done: Int { back > 0 ? all : min(max(0, begun - 1), all) }

  /// How much of the attempt is done, 0 … 1.
  package var share: Double {
    let done = Double(self.done) / Double(all)
    return back == 0 ? done : min(1, 0.5 * (done + Double(back) / Double(all)))
  }

  /// `step 12/50`, or the step of the way back.
  package var text: String { back > 0 ? "back over step \(back)/\(all)" : "step \(done)/\(all)" }
}

extension Configuration {
  /// The inner steps of an attempt at a window, playouts included.
  ///
  /// - Parameter window: its number, from 1.
  package func steps(ofWindow window: Int) -> Int {
    let start = (window - 1) * self.window.length
    let plan = method.rule.plan(
      after: window - 1, remaining: inner.steps - start, tuningSettings(method, .forward))
    return plan.steps + plan.playout
  }
}
