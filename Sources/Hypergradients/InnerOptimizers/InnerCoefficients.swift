/// What an inner optimizer reads of φ: every value, and its derivative along each column.
///
/// Made once per window, since φ is constant within one. The numbers are doubles; an optimizer
/// rounds each of them once. Where a hyperparameter has one value per layer, values and derivatives
/// depend on the layer; otherwise there is a single layer covering all of θ.
public struct InnerCoefficients: Sendable {
  /// The layers: ranges of θ that cover it in order.
  public let layers: [Range<Int>]
  /// `[layers, HyperparameterName]`.
  private var values: [Double]
  private var own: [Own?]

  /// The one hyperparameter that a column differentiates with respect to.
  private struct Own: Sendable {
    let name: HyperparameterName
    let layer: Int?
    var derivative: Double
  }

  /// The coefficients at φ for some of its columns.
  ///
  /// - Parameters:
  ///   - hyperparameters: the current φ.
  ///   - columns: the columns that are carried along: the tuned hyperparameters' first, then the
  ///     loss's. A column may appear several times.
  ///   - layers: the parts of θ that hyperparameters may refer to.
  public init(
    _ hyperparameters: Hyperparameters, columns: some Collection<Int>, layers: [Range<Int>]
  ) {
    precondition(columns.allSatisfy { $0 >= 0 }, "columns \(columns)")
    let whole = (layers.first?.lowerBound ?? 0)..<(layers.last?.upperBound ?? 0)
    self.layers = hyperparameters.isLayered ? layers : [whole]
    let names = HyperparameterName.allCases.count
    values = Array(repeating: 0, count: self.layers.count * names)
    for one in hyperparameters.optimizer {
      precondition(
        one.layer.map { $0.index < layers.count } ?? true,
        "\(one.columnName) is of a layer beyond the \(layers.count) there are")
      for layer in self.layers.indices where one.layer == nil || one.layer?.index == layer {
        values[layer * names + one.name.position] = one.value
      }
    }
    let tuned = hyperparameters.tuned
    own = columns.map { column in
      column < tuned.count
        ? Own(
          name: tuned[column].name, layer: tuned[column].layer?.index,
          derivative: tuned[column].derivative) : nil
    }
  }

  /// The same coefficients with the learning rate's values and derivatives multiplied by a factor.
  func scalingLearningRate(by factor: Double) -> InnerCoefficients {
    var result = self
    let names = HyperparameterName.allCases.count
    for layer in layers.indices {
      result.values[layer * names + HyperparameterName.learningRate.position] *= factor
    }
    for column in own.indices where own[column]?.name == .learningRate {
      result.own[column]?.derivative *= factor
    }
    return result
  }

  /// The number of columns.
  public var columnCount: Int { own.count }

  /// The value used in training; 0 if the optimizer has no such hyperparameter.
  public func value(_ name: HyperparameterName, layer: Int = 0) -> Double {
    values[layer * HyperparameterName.allCases.count + name.position]
  }

  /// The derivative of that value along a column: non-zero only in the hyperparameter's own column.
  public func derivative(_ name: HyperparameterName, column: Int, layer: Int = 0) -> Double {
    guard let own = own[column], own.name == name, own.layer ?? layer == layer else { return 0 }
    return own.derivative
  }

  /// Whether a column belongs to one of the optimizer's own hyperparameters in this layer.
  public func isOwn(column: Int, layer: Int = 0) -> Bool {
    guard let own = own[column] else { return false }
    return own.layer ?? layer == layer
  }

  /// The hyperparameter of a column and its derivative, if it acts on this layer.
  func own(column: Int, layer: Int) -> (name: HyperparameterName, derivative: Double)? {
    guard let own = own[column], own.layer ?? layer == layer else { return nil }
    return (own.name, own.derivative)
  }
}
