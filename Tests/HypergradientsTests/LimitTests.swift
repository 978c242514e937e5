import DynamicModes
import Tensors
import Testing

@testable import Hypergradients

/// Limits of hyperparameters: what is legal, what was asked for, and that nothing gets past them.
struct LimitTests {
  static let outers: [OuterOptimizer] = [
    .adam(learningRate: 0.5), .sgd(learningRate: 0.5, momentum: 0.9),
    .rprop(learningRate: 0.5, largest: 2),
  ]

  @Test(arguments: HyperparameterName.allCases)
  func whatTuningKeepsToIsLegalInSinglePrecisionToo(name: HyperparameterName) {
    let (legal, kept) = (name.legalValues, name.legalValues.kept)
    for end in [kept.lowerBound, kept.upperBound] {
      #expect(legal.contains(end) && legal.contains(Double(Float(end))), "\(end)")
    }
    #expect(!legal.contains(-1e-9) && !legal.contains(.nan) && !legal.contains(.infinity))
    #expect(legal.contains(0) == ![.learningRate, .epsilon].contains(name))
    #expect(legal.contains(1) == [.learningRate, .epsilon, .weightDecay].contains(name))
  }

  @Test(arguments: Transform.allCases)
  func noRawNumberWithinTheLimitsHasAValueOutside(transform: Transform) {
    let numbers = [1e-30, 1e-9, 0.1, 0.3, 0.7, 0.999_999, Double(Float(1).nextDown)]
    for (index, low) in numbers.enumerated() {
      for high in numbers[(index + 1)...] {
        let raw = transform.rawLimits(of: low...high)
        let values = [raw.lowerBound, raw.upperBound].map(transform.value)
        #expect(values.allSatisfy { $0 >= low && $0 <= high }, "\(transform) \(low) \(high)")
        // Near 1 a sigmoid's value has no more digits than its distance from 1 allows.
        #expect(zip(values, [low, high]).allSatisfy { abs($0 - $1) <= 1e-13 * $1 })
      }
    }
    let legal = transform.rawLimits(of: HyperparameterName.weightDecay.legalValues.kept)
    #expect(legal.lowerBound == (transform == .identity ? 0 : -.infinity))
  }

  private func tuner(
    _ one: Hyperparameter, _ outer: OuterOptimizer, push: Double, windows: Int = 60
  ) -> Tuner<QuadraticProblem<Double>> {
    let problem = QuadraticProblem<Double>(parameterCount: 3)
    let others: [(HyperparameterName, Double)] = [
      (.learningRate, 1e-3), (.momentum, 0), (.weightDecay, 0),
    ]
    return Tuner(
      problem: problem, initialParameters: [3, 3, 3], inner: MomentumDescent(),
      hyperparameters: Hyperparameters(
        [one]
          + others.filter { $0.0 != one.name }.map { Hyperparameter($0.0, fixedAt: $0.1) }),
      outer: outer,
      settings: TuningSettings(
        method: .glocal, steps: 2 * windows, window: 2, observed: 1, estimator: .last),
      estimation: RecordingEstimation(answer: [push]))
  }

  /// (name, start, limits asked for): momentum through exp and softplus may pass 1, all through the
  /// identity may pass 0.
  static let starts: [(HyperparameterName, Double, ClosedRange<Double>?)] = [
    (.learningRate, 3e-3, nil), (.learningRate, 3e-3, 1e-3...4e-3), (.momentum, 0.3, nil),
    (.momentum, 0.3, 0.25...0.9), (.weightDecay, 1e-3, nil), (.weightDecay, 1e-3, 0...2e-3),
  ]

  @Test(arguments: Self.outers, Transform.allCases)
  func noOuterOptimizerLeadsBeyondThem(outer: OuterOptimizer, transform: Transform) throws {
    for (name, start, limits) in Self.starts {
      for push in [1.0, -1] {
        let raw = try #require(transform.raw(of: start))
        let one = Hyperparameter(name, tunedFrom: raw, transform, limits: limits)
        // What grows without a limit of its own is no matter of this test.
        if push < 0, limits == nil, name != .momentum { continue }
        let tuner = tuner(one, outer, push: push)
        let records = try tuner.finish()
        let values = records.map { $0.after[name]?.value ?? .nan }
        let bounds = limits ?? name.legalValues.kept
        #expect(values.allSatisfy { bounds.contains($0) && name.legalValues.contains($0) })
        let end = push > 0 ? bounds.lowerBound : bounds.upperBound
        // What a transform never reaches is no limit of φ.
        guard transform.raw(of: end) != nil, end > 1e-30 || transform == .identity else { continue }
        #expect(records.last?.projected == [name.rawValue], "\(name) \(transform) \(push)")
        #expect(abs((values.last ?? .nan) - end) <= 1e-12 * max(end, 1e-300))
      }
    }
  }

  @Test func anUpdateThatPointsInwardsLeavesTheLimit() throws {
    let one = Hyperparameter(.weightDecay, tunedFrom: 0, .identity)
    let tuner = tuner(one, .sgd(learningRate: 1e-3), push: 1, windows: 2)
    #expect(try tuner.nextWindow()?.projected == ["weight-decay"])
    #expect(tuner.state.hyperparameters[.weightDecay]?.value == 0)
    var moved = tuner.state.hyperparameters
    moved.raw = [1e-3]
    #expect(moved.project().isEmpty && moved[.weightDecay]?.value == 1e-3)
  }

  @Test func layersAreProjectedEachForItself() {
    var all = Hyperparameters(
      ["conv1", "fc1"].enumerated().map { index, name in
        var one = Hyperparameter(.momentum, tunedFrom: 0.5, .identity)
        one.layer = HyperparameterLayer(index: index, name: name)
        return one
      }, loss: [-7])
    all.raw = [0.9, -0.1, -8]
    #expect(all.project() == ["momentum[fc1]"])
    #expect(all.raw == [0.9, 0, -8], "the loss's own numbers have no limits")
  }

  @Test(arguments: [true, false], [0.05, 0])
  func aRetreatStopsAtThem(tuned: Bool, minimum: Double) throws {
    let limits = HyperparameterName.learningRate.values(from: minimum, to: nil)
    let one =
      tuned
      ? Hyperparameter(.learningRate, tunedFrom: 0.15, .identity, limits: limits)
      : Hyperparameter(.learningRate, fixedAt: 0.15, limits: limits)
    let problem = QuadraticProblem<Double>(parameterCount: 3)
    problem.spoil = { _ in .nan }
    let tuner = Tuner(
      problem: problem, initialParameters: [3, 3, 3], inner: MomentumDescent(),
      hyperparameters: Hyperparameters([
        one, Hyperparameter(.momentum, fixedAt: 0), Hyperparameter(.weightDecay, fixedAt: 0),
      ]), outer: .sgd(learningRate: 0),
      settings: TuningSettings(
        method: .none, steps: 4, window: 2, observed: 1,
        divergence: DivergenceSettings(retreats: 1000)), estimation: TailEstimation(tail: 1))
    let error = #expect(throws: DivergenceError.self) { try tuner.nextWindow() }
    #expect(error?.reason == .learningRateAtItsEnd)
    // 0.15, 0.075, 0.05; or halves of 0.15 down to the least normal number of single precision.
    #expect(error?.retreats == (minimum > 0 ? 2 : 124))
    #expect(error?.hyperparameters[.learningRate]?.value == limits.lowerBound)
    #expect(error?.description.contains("may not become smaller than \(limits.lowerBound)") == true)
  }
}
