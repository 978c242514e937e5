import Glibc

/// How φ of the training loss is perturbed.
package enum LossPerturbation: Sendable {
  /// φ ± ln 1.2: where φ are logarithms of weights, or close to them.
  case shifted
  /// φ times 0.8 or 1.2: where they are parameters of some function.
  case scaled
}

/// The factors of a perturbation, and the logarithm of the larger one.
private enum PerturbationFactor {
  static let down = 0.8
  static let up = 1.2
  static let shift = log(up)

  static func of(_ isUp: Bool) -> Double { isUp ? up : down }
}

extension Hyperparameters {
  /// Moves every tuned hyperparameter a step away, as population-based training explores.
  ///
  ///     value ← f · value                 learning rate, ε, weight decay
  ///     1 − value ← f · (1 − value)       momentum, β₁, β₂
  ///     φ ← φ ± ln 1.2  or  f · φ         of the training loss
  ///
  /// f is 0.8 or 1.2: M. Jaderberg and others, "Population Based Training of Neural Networks" (2017),
  /// section 4. Values keep to their limits. One that would leave the values of its transform stays
  /// where it is, such as a momentum of 0.1, which is 0.9 away from 1.
  ///
  /// - Parameters:
  ///   - loss: how φ of the training loss moves.
  ///   - isUp: whether the factor of a column is 1.2, `[q]`.
  package mutating func perturb(loss way: LossPerturbation, isUp: [Bool]) {
    precondition(isUp.count == count, "\(isUp.count) directions for a φ of \(count)")
    let moved = zip(tuned, isUp).map { $0.perturbed(by: PerturbationFactor.of($1)) }
    raw =
      moved
      + zip(loss, isUp.suffix(loss.count)).map { number, isUp in
        switch way {
        case .shifted: number + (isUp ? PerturbationFactor.shift : -PerturbationFactor.shift)
        case .scaled: number * PerturbationFactor.of(isUp)
        }
      }
    _ = project()
  }
}

extension Hyperparameter {
  /// φ after a perturbation, before it is brought within its limits for good.
  fileprivate func perturbed(by factor: Double) -> Double {
    let wanted = name.isDecay ? 1 - factor * (1 - value) : factor * value
    let kept = min(max(wanted, limits.lowerBound), limits.upperBound)
    return transform.raw(of: kept) ?? number
  }
}
