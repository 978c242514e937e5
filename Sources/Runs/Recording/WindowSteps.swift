import Hypergradients
import Settings

/// The progress of a window attempt, counted by its safe points.
package struct WindowSteps: Equatable {
  /// The number of inner steps in the attempt.
  package let all: Int
  private var begun = 0
  private var back = 0

  /// Creates the progress of an attempt at its start.
  package init(all: Int) { self.all = max(1, all) }

  /// Registers a safe point.
  package mutating func pass(_ point: SafePoint) {
    switch point {
    case .step, .observation: begun += 1
    case .wayBack: back += 1
    }
  }

  /// The completed steps: all that were started except the current one; in the backward pass, all
  /// of them.
  package var done: Int { back > 0 ? all : min(max(0, begun - 1), all) }

  /// The completed fraction of the attempt, 0 … 1.
  package var share: Double {
    let done = Double(self.done) / Double(all)
    return back == 0 ? done : min(1, 0.5 * (done + Double(back) / Double(all)))
  }

  /// `step 12/50`, or the step of the backward pass.
  package var text: String { back > 0 ? "back over step \(back)/\(all)" : "step \(done)/\(all)" }
}

extension Configuration {
  /// The number of inner steps in a window attempt, including playouts.
  ///
  /// - Parameter window: its number, from 1.
  package func steps(ofWindow window: Int) -> Int {
    let start = (window - 1) * self.window.length
    let plan = method.rule.plan(
      after: window - 1, remaining: inner.steps - start, tuningSettings(method, .forward))
    return plan.steps + plan.playout
  }
}
