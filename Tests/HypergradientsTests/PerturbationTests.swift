import Testing

@testable import Hypergradients

/// How a population's hyperparameters move.
@Suite struct PerturbationTests {
  private func adam() throws -> Hyperparameters {
    Hyperparameters(
      [
        try Hyperparameter(.learningRate, value: 0.01, .exp, isTuned: true),
        try Hyperparameter(.beta1, value: 0.9, .sigmoid, isTuned: true),
        try Hyperparameter(.beta2, value: 0.999, .sigmoid, isTuned: true),
        try Hyperparameter(.epsilon, value: 1e-8, .softplus, isTuned: true),
        try Hyperparameter(.weightDecay, value: 0.0005, .identity, isTuned: false),
      ], loss: [0, -2])
  }

  private func isNear(_ value: Double, _ expected: Double) -> Bool {
    // A logarithm and its exponential round, and near 1 a sigmoid has fewer digits.
    abs(value - expected) <= 1e-12 * abs(expected)
  }

  /// The numbers are worked out by hand.
  @Test("by a fifth up or down, decays by their distance from 1, fixed ones not at all")
  func factors() throws {
    var moved = try adam()
    moved.perturb(loss: .shifted, isUp: [true, true, false, false, true, false])
    let values = moved.optimizer.map(\.value)
    for (value, expected) in zip(values, [0.012, 0.88, 0.9992, 0.8e-8, 0.0005]) {
      #expect(isNear(value, expected), "\(value), not \(expected)")
    }
    // ln 1.2
    let shift = 0.1823215567939546
    #expect(isNear(moved.loss[0], shift) && isNear(moved.loss[1], -2 - shift))
    var scaled = try adam()
    scaled.perturb(loss: .scaled, isUp: [false, false, true, true, true, false])
    for (value, expected) in zip(scaled.optimizer.map(\.value), [0.008, 0.92, 0.9988, 1.2e-8]) {
      #expect(isNear(value, expected), "\(value), not \(expected)")
    }
    #expect(scaled.loss[0] == 0 && isNear(scaled.loss[1], -1.6))
  }

  @Test("layers move on their own")
  func layers() throws {
    let two = try (0..<2).map { index in
      var one = try Hyperparameter(.learningRate, value: 0.1, .exp, isTuned: true)
      one.layer = HyperparameterLayer(index: index, name: "layer \(index)")
      return one
    }
    var moved = Hyperparameters(two)
    moved.perturb(loss: .shifted, isUp: [true, false])
    #expect(isNear(moved.optimizer[0].value, 0.12) && isNear(moved.optimizer[1].value, 0.08))
  }

  @Test("values keep to their limits, however often they move")
  func limits() throws {
    let limits = 0.05...0.2
    for isUp in [true, false] {
      var moved = Hyperparameters([
        Hyperparameter(.learningRate, tunedFrom: -2.3, .exp, limits: limits),
        Hyperparameter(.momentum, tunedFrom: 0, .sigmoid, limits: 0.3...0.6),
        try Hyperparameter(.weightDecay, value: 0.1, .softplus, isTuned: true),
      ])
      for _ in 0..<5000 {
        moved.perturb(loss: .shifted, isUp: [isUp, isUp, isUp])
        #expect(limits.contains(moved.optimizer[0].value))
        #expect((0.3...0.6).contains(moved.optimizer[1].value))
        #expect(moved.raw.allSatisfy { $0.isFinite })
      }
      #expect(isNear(moved.optimizer[0].value, isUp ? 0.2 : 0.05))
      #expect(isNear(moved.optimizer[1].value, isUp ? 0.3 : 0.6))
    }
  }

  /// 1 − 1.2 (1 − 0.1) is below 0, which no sigmoid has.
  @Test("one that would leave the values of its transform stays")
  func stays() throws {
    var moved = Hyperparameters([
      try Hyperparameter(.momentum, value: 0.1, .sigmoid, isTuned: true)
    ])
    moved.perturb(loss: .shifted, isUp: [true])
    #expect(isNear(moved.optimizer[0].value, 0.1))
    moved.perturb(loss: .shifted, isUp: [false])
    #expect(isNear(moved.optimizer[0].value, 0.28))
  }
}
