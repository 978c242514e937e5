import Differentiation
import Glibc
import Tensors
import Testing

@testable import Hypergradients

/// Single optimizer steps against the textbook's lines, and where the numbers are awkward.
struct InnerOptimizerTests {
  /// More than one block and no multiple of any vector width.
  let count = 2 * optimizerBlock + 13

  private func gradient(_ i: Int, _ t: Int) -> Double { sin(Double(i) * 0.37 + Double(t)) }

  @Test func momentumDescentIsTheTextbooks() throws {
    let all = try hyperparameters(.sgd, tuned: [.learningRate])
    let (theta, _) = try train(.sgd, all, steps: 7)
    for i in [0, 1, optimizerBlock - 1, optimizerBlock, count - 1] {
      var (x, v) = (initial(i), 0.0)
      for t in 0..<7 {
        let g = gradient(i, t) + 0.02 * x
        v = 0.8 * v + g
        x -= (all[.learningRate]?.value ?? .nan) * v
      }
      // Another order of the same few additions.
      #expect(abs(theta.primal[i] - x) <= 1e-14)
    }
  }

  @Test func adamIsTheTextbooks() throws {
    let all = try hyperparameters(.adam, tuned: [.beta1, .learningRate])
    let values = HyperparameterName.allCases.map { all[$0]?.value ?? .nan }
    let (rate, beta1, beta2, epsilon) = (values[0], values[2], values[3], values[4])
    let (theta, _) = try train(.adam, all, steps: 7)
    for i in [0, 1, optimizerBlock - 1, optimizerBlock, count - 1] {
      var (x, m, s) = (initial(i), 0.0, 0.0)
      for t in 0..<7 {
        let g = gradient(i, t) + 0.02 * x
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g * g
        let mean = m / (1 - pow(beta1, Double(t + 1)))
        let square = s / (1 - pow(beta2, Double(t + 1)))
        x -= rate * mean / (sqrt(square) + epsilon)
      }
      // 1 − β^t here loses a few bits that expm1 keeps.
      #expect(abs(theta.primal[i] - x) <= 1e-13)
    }
  }

  @Test func adamWIsTheTextbooks() throws {
    let all = try hyperparameters(.adamW, tuned: [.weightDecay, .learningRate])
    let values = HyperparameterName.allCases.map { all[$0]?.value ?? .nan }
    let (rate, beta1, beta2, epsilon) = (values[0], values[2], values[3], values[4])
    let (theta, _) = try train(.adamW, all, steps: 7)
    for i in [0, 1, optimizerBlock - 1, optimizerBlock, count - 1] {
      var (x, m, s) = (initial(i), 0.0, 0.0)
      for t in 0..<7 {
        let g = gradient(i, t)
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g * g
        let mean = m / (1 - pow(beta1, Double(t + 1)))
        let square = s / (1 - pow(beta2, Double(t + 1)))
        x -= rate * 0.02 * x
        x -= rate * mean / (sqrt(square) + epsilon)
      }
      // As for Adam.
      #expect(abs(theta.primal[i] - x) <= 1e-13)
    }
  }

  @Test(arguments: InnerOptimizerKind.allCases)
  func floatFollowsDouble(kind: InnerOptimizerKind) throws {
    let all = try hyperparameters(kind, tuned: Set(HyperparameterName.allCases))
    let (exact, exactState) = try train(kind, all, steps: 9)
    let (rounded, roundedState) = try train(kind, all, steps: 9, as: Float.self)
    for (jet, other) in zip([exact] + exactState, [rounded] + roundedState) {
      for row in 0...jet.tangentCount {
        let range = row * count..<(row + 1) * count
        let scale = range.reduce(0) { max($0, abs(jet.storage.elements[$1])) }
        let worst = range.reduce(0) {
          max($0, abs(jet.storage.elements[$1] - Double(other.storage.elements[$1])))
        }
        #expect(scale > 0)
        // Nine steps of single-precision rounding, 6e-8 each, magnified by a 20th of a β₂ window.
        #expect(worst <= 1e-5 * scale)
      }
    }
  }

  @Test(arguments: InnerOptimizerKind.allCases)
  func nothingHappensWhereEveryGradientIsZero(kind: InnerOptimizerKind) throws {
    let all = try hyperparameters(kind, tuned: Set(HyperparameterName.allCases))
    var resting = all
    for name in [HyperparameterName.weightDecay] where all[name] != nil {
      resting = Hyperparameters(
        all.optimizer.filter { $0.name != name }
          + [try Hyperparameter(name, value: 0, .identity, isTuned: true)])
    }
    let q = resting.count
    let problem = SilentProblem()
    var state = start(problem, kind, from: [0, 0, 0], columns: q)
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: kind.optimizer, hyperparameters: resting), columns: 0..<q)
    let stretch = try forward.advance(
      &state, steps: 5, observed: 5, hyperparameters: resting)
    #expect(stretch.outcome == .completed)
    #expect(stretch.hypergradients.allSatisfy { $0 == 0 })
    for jet in state.jets {
      #expect(jet.storage.elements.allSatisfy { $0 == 0 })
    }
  }

  @Test func adamsColumnsAreFiniteWhereTheSquareUnderflows() throws {
    let all = try hyperparameters(.adam, tuned: Set(HyperparameterName.allCases))
    for size in [Float(1e-18), 1e-21, 1e-23, 1e-30, .leastNonzeroMagnitude] {
      let state = [Jet<Float>(count: 1, tangentCount: 5), Jet<Float>(count: 1, tangentCount: 5)]
      let theta = Jet<Float>(count: 1, tangentCount: 5)
      let g = Jet<Float>(count: 1, tangentCount: 5)
      g.primal[0] = size
      for k in 0..<5 { g.tangent(k)[0] = 0.5 }
      for t in 1...20 {
        AdamDescent().step(
          t, parameters: theta, state: state, gradient: g,
          coefficients: InnerCoefficients(all, columns: 0..<5, layers: [0..<1]),
          scratch: Buffer(count: AdamDescent().scratchCount))
      }
      #expect(theta.storage.elements.allSatisfy { $0.isFinite })
      #expect(state.allSatisfy { $0.storage.elements.allSatisfy { $0.isFinite } })
    }
  }

  @Test func aBetaAtTheEndOfItsRangeKeepsAdamFinite() throws {
    let all = Hyperparameters(
      [.learningRate, .beta1, .beta2, .epsilon, .weightDecay].map {
        Hyperparameter($0, tunedFrom: $0 == .beta1 || $0 == .beta2 ? 900 : -5, .sigmoid)
      })
    let (theta, _) = try train(.adam, all, steps: 3, as: Float.self)
    #expect(theta.storage.elements.allSatisfy { $0.isFinite })
  }

  private func initial(_ i: Int) -> Double { cos(Double(i)) }

  /// Steps with gradients that depend on nothing, and some tangents that do not either.
  private func train<Number: Scalar>(
    _ kind: InnerOptimizerKind, _ all: Hyperparameters, steps: Int, as: Number.Type = Double.self
  ) throws -> (Jet<Number>, [Jet<Number>]) {
    let q = all.count
    let optimizer = kind.optimizer
    let state = TrainingState<Number>(
      parameterCount: count, optimizer: optimizer, tangentCount: q)
    let jet = Jet<Number>(count: count, tangentCount: q)
    for i in 0..<count { state.parameters.primal[i] = Number(initial(i)) }
    for t in 0..<steps {
      for i in 0..<count {
        jet.primal[i] = Number(gradient(i, t))
        for k in 0..<q { jet.tangent(k)[i] = Number(gradient(i, t + 20 * (k + 1))) }
      }
      optimizer.step(
        t + 1, parameters: state.parameters, state: state.optimizer, gradient: jet,
        coefficients: InnerCoefficients(all, columns: 0..<q, layers: [0..<count]),
        scratch: Buffer(count: optimizer.scratchCount))
    }
    return (state.parameters, state.optimizer)
  }
}

/// A loss that is zero everywhere, as behind a unit that never fires.
private final class SilentProblem: InnerProblem {
  let parameterCount = 3

  func trainingGradient(
    step: Int, parameters: Jet<Double>, hyperparameters: LossHyperparameters,
    gradient: Jet<Double>
  ) throws -> Double {
    gradient.storage.pointer.update(repeating: 0, count: gradient.storage.count)
    return 0
  }

  func validationGradient(
    parameters: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws -> Evaluation {
    for i in gradient.indices { gradient[i] = 1 }
    return Evaluation(loss: 0)
  }

  func evaluate(
    _ set: EvaluationSet, parameters: UnsafeBufferPointer<Double>
  ) throws -> Evaluation { Evaluation(loss: 0) }
}
