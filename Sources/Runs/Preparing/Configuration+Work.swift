import Hypergradients
import Networks
import Settings

// Converts the configuration to the types of the modules that do the work.
extension Configuration {
  /// The initial φ and fixed hyperparameters.
  ///
  /// - Parameters:
  ///   - layers: the network's layers, in order.
  ///   - loss: φ of the training loss.
  package func startingHyperparameters(
    layers: [String], loss: [Double], lossNames: [String]
  ) -> Hyperparameters {
    Hyperparameters(
      hyperparameterNames.flatMap { name in
        let start = hyperparameters[name]
        let limits = name.values(from: start.minimum, to: start.maximum)
        let one =
          start.tuned
          ? Hyperparameter(name, tunedFrom: start.raw, start.transform, limits: limits)
          : Hyperparameter(name, fixedAt: start.value, limits: limits)
        guard start.tuned, start.perLayer else { return [one] }
        return layers.enumerated().map { index, layer in
          var own = one
          own.layer = HyperparameterLayer(index: index, name: layer)
          return own
        }
      }, loss: loss, lossNames: lossNames)
  }

  /// The hyperparameters with the loss's φ at zero, when only the layout matters.
  ///
  /// - Parameter classSizes: the number of training examples per class; nil for the expected
  ///   numbers.
  package func unstartedHyperparameters(
    of network: any Networks.Network, classSizes: [Int]? = nil
  ) -> Hyperparameters {
    let weighting = weightedLoss(classSizes: classSizes ?? expectedClassSizes)?.weighting
    return startingHyperparameters(
      layers: network.parameters.layers.map(\.name),
      loss: [Double](repeating: 0, count: weighting?.hyperparameterCount ?? 0),
      lossNames: weighting?.hyperparameterNames ?? [])
  }

  /// The number of forward-mode columns for these hyperparameters.
  package func columnCount(of hyperparameters: Hyperparameters, classSizes: [Int]) -> Int {
    hyperparameters.tuned.count + (weightedLoss(classSizes: classSizes)?.columnCount ?? 0)
  }

  /// The number of forward-mode columns, as far as it can be known without the data files.
  ///
  /// - Parameter classSizes: training examples per class; nil for the expected numbers.
  package func expectedColumnCount(
    of network: any Networks.Network, classSizes: [Int]? = nil
  ) -> Int {
    columnCount(
      of: unstartedHyperparameters(of: network, classSizes: classSizes),
      classSizes: classSizes ?? expectedClassSizes)
  }

  /// The work of a window, for the choice of grid and mode.
  ///
  /// - Parameters:
  ///   - count: the number of forward-mode columns.
  ///   - validation: the number of validation examples; nil for data.validation.
  package func windowWork(
    count: Int, parameterCount: Int, validation: Int? = nil
  ) -> WindowWork {
    let tunes = method.rule.movesHyperparameters
    let plan = trajectoryPlan(parameterCount: parameterCount)
    let modes: [DifferentiationMode] =
      switch mode {
      case _ where tunes && method.rule.mode != nil: [method.rule.mode].compactMap(\.self)
      case .forward: [.forward]
      case .reverse: tunes ? [.reverse] : [.forward]
      case .auto where tunes && task == .reweighting && reweighting.function == .example:
        [.reverse]
      case .auto:
        // If even the smallest trajectory is too large, there is no choice.
        tunes && window.carry.isReset && plan.bytes <= parallel.trajectoryMemory * 1_000_000
          ? [.forward, .reverse] : [.forward]
      }
    return WindowWork(
      hyperparameters: tunes ? count : 0,
      shards: (inner.batch + parallel.shard - 1) / parallel.shard, steps: plan.steps,
      observed: method.rule.observed(tuningSettings(method, .forward)),
      validationShards: ((validation ?? data.validation) + parallel.shard - 1) / parallel.shard,
      recomputes: plan.recomputes, modes: modes,
      implicit: tunes && method.rule.mode == .implicit ? implicit : nil)
  }

  /// The part of a trajectory that reverse mode keeps.
  package func trajectoryPlan(parameterCount: Int) -> TrajectoryPlan {
    TrajectoryPlan(
      steps: method.rule.stretch(tuningSettings(method, .forward)), parameterCount: parameterCount,
      optimizer: inner.optimizer.optimizer,
      numberSize: precision == .float ? 4 : 8, limit: parallel.trajectoryMemory * 1_000_000)
  }

  /// The error if reverse mode cannot keep what it needs, or nil.
  package func trajectoryProblem(_ mode: DifferentiationMode, _ plan: TrajectoryPlan) -> RunError? {
    let limit = parallel.trajectoryMemory * 1_000_000
    guard mode == .reverse, plan.bytes > limit else { return nil }
    return RunError(
      "The reverse mode needs \((plan.bytes + 999_999) / 1_000_000) MB a rank for a trajectory of "
        + "\(plan.steps) steps even when every step is trained twice, but "
        + "parallel.trajectory-memory allows \(parallel.trajectoryMemory): raise it, or use the "
        + "forward mode.")
  }
}
