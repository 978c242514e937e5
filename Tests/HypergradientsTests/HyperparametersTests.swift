import Testing

@testable import Hypergradients

/// The layout of φ and what stands behind it.
struct HyperparametersTests {
  @Test func columnsAreInTheOrderOfTheOptimizersWhateverTheOrderGiven() throws {
    let sgd = try hyperparameters(.sgd, tuned: [.weightDecay, .learningRate, .momentum])
    #expect(sgd.columnNames == ["learning-rate", "momentum", "weight-decay"])
    let adam = try hyperparameters(.adam, tuned: Set(HyperparameterName.allCases), loss: [7, 8])
    #expect(
      adam.columnNames == [
        "learning-rate", "beta1", "beta2", "epsilon", "weight-decay", "loss-0", "loss-1",
      ])
    #expect(adam.optimizer.map(\.name) == AdamDescent().hyperparameterNames)
    #expect(sgd.optimizer.map(\.name) == MomentumDescent().hyperparameterNames)
    #expect(adam.columns(of: .epsilon) == [3])
    #expect(adam.count == 7)
    #expect(adam.raw.suffix(2) == [7, 8])
  }

  @Test func positionsFollowTheCases() {
    #expect(HyperparameterName.allCases.map(\.position) == Array(0..<6))
  }

  @Test func onlyTheTunedMove() throws {
    var some = try hyperparameters(.sgd, tuned: [.learningRate, .weightDecay], loss: [3])
    some.raw = [-1, -2, 4]
    #expect(some.raw == [-1, -2, 4])
    #expect(some[.learningRate]?.value == Transform.sigmoid.value(of: -1))
    #expect(some[.momentum]?.value == 0.8, "a fixed value keeps every bit")
    #expect(some.columns(of: .momentum).isEmpty)
    #expect(some.loss == [4])
  }

  @Test func aFixedValueNeedNotBeReachable() throws {
    let none = try Hyperparameter(.momentum, value: 0, .sigmoid, isTuned: false)
    #expect(none.value == 0)
    #expect(none.raw == nil)
    #expect(none.derivative == 0)
  }

  @Test func aTunedValueMustBeReachable() {
    #expect(throws: HyperparameterError(name: .weightDecay, value: 0, transform: .sigmoid)) {
      try Hyperparameter(.weightDecay, value: 0, .sigmoid, isTuned: true)
    }
    let text = HyperparameterError(name: .weightDecay, value: 0, transform: .sigmoid).description
    #expect(text.contains("weight-decay cannot start at 0.0"))
    #expect(text.contains("above 0 and below 1"))
  }

  @Test(arguments: [true, false])
  func theLearningRatesValueIsScaledTunedOrNot(tuned: Bool) throws {
    var some = try hyperparameters(.sgd, tuned: tuned ? [.learningRate] : [.momentum])
    let scaled = some.scaleLearningRate(by: 0.5)
    #expect(scaled)
    // Through a logarithm and back: a few units in the last place.
    #expect(abs((some[.learningRate]?.value ?? .nan) - 0.035) <= 1e-15)
    #expect(some[.momentum].map { abs($0.value - 0.8) <= 1e-15 } == true)
  }

  @Test func coefficientsKnowWhichColumnIsWhose() throws {
    let all = try hyperparameters(.sgd, tuned: [.learningRate, .weightDecay], loss: [0])
    let some = InnerCoefficients(all, columns: 1..<3, layers: [0..<4])
    #expect(some.columnCount == 2)
    #expect(some.value(.momentum) == 0.8)
    #expect(some.value(.beta1) == 0)
    #expect(some.isOwn(column: 0) && !some.isOwn(column: 1))
    #expect(some.derivative(.weightDecay, column: 0) == all[.weightDecay]?.derivative)
    #expect(some.derivative(.learningRate, column: 0) == 0)
    #expect(some.derivative(.weightDecay, column: 1) == 0)
  }
}
