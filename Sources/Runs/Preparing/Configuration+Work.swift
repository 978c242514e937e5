import Hypergradients
import Networks
import Settings

// The configuration in the terms of the modules that do the work.
extension Configuration {
  /// φ and the fixed hyperparameters at the start.
  ///
  /// - Parameters:
  ///   - layers: the network's, in order.
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

  /// φ with the loss's part at zero, where only its layout matters.
  ///
  /// - Parameter classSizes: how many training examples every class has; nil for what is expected.
  package func unstartedHyperparameters(
    of network: any Networks.Network, classSizes: [Int]? = nil
  ) -> Hyperparameters {
    let weighting = weightedLoss(classSizes: classSizes ?? expectedClassSizes)?.weighting
    return startingHyperparameters(
      layers: network.parameters.layers.map(\.name),
      loss: [Double](repeating: 0, count: weighting?.hyperparameterCount ?? 0),
      lossNames: weighting?.hyperparameterNames ?? [])
  }

  /// The columns of the forward mode for some hyperparameters.
  package func columnCount(of hyperparameters: Hyperparameters, classSizes: [Int]) -> Int {
    hyperparameters.tuned.count + (weightedLoss(classSizes: classSizes)?.columnCount ?? 0)
  }

  /// The columns of the forward mode, as far as can be known without the files.
  ///
  /// - Parameter classSizes: how many training examples every class has; nil for what is expected.
  package func expectedColumnCount(
    of network: any Networks.Network, classSizes: [Int]? = nil
  ) -> Int {
    columnCount(
      of: unstartedHyperparameters(of: network, classSizes: classSizes),
      classSizes: classSizes ?? expectedClassSizes)
  }

  /// What a window costs, for the choice of grid and mode.
  ///
  /// - Parameters:
  ///   - count: the columns of the forward mode.
  ///   - validation: how many examples are validated on; nil: as many as are held out.
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
        // Where the smallest trajectory is too large, there is nothing to choose.
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

  /// What the reverse mode keeps.
  package func trajectoryPlan(parameterCount: Int) -> TrajectoryPlan {
    TrajectoryPlan(
      steps: method.rule.stretch(tuningSettings(method, .forward)), parameterCount: parameterCount,
      optimizer: inner.optimizer.optimizer,
      numberSize: precision == .float ? 4 : 8, limit: parallel.trajectoryMemory * 1_000_000)
  }

  /// Says when the reverse mode cannot keep what it needs.
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
