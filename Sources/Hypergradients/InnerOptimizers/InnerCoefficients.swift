/// What an inner optimizer needs to know of φ: every value, and the derivative of each column.
///
/// Made once per window, since φ does not move within one. The numbers are doubles; an optimizer
/// rounds each of them once.
public struct InnerCoefficients: Sendable {
  private var values: [Double]
  private let own: [Own?]

  /// The one value that a column differentiates with respect to.
  private struct Own: Sendable {
    let name: HyperparameterName
    let derivative: Double
  }

  /// The coefficients at φ for some of its columns.
  ///
  /// - Parameters:
  ///   - hyperparameters: where φ is.
  ///   - columns: the entries of φ whose columns are carried along; within 0 ..< q.
  public init(_ hyperparameters: Hyperparameters, columns: Range<Int>) {
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= hyperparameters.count,
      "columns \(columns) of \(hyperparameters.count)")
    values = Array(repeating: 0, count: HyperparameterName.allCases.count)
    for one in hyperparameters.optimizer { values[one.name.position] = one.value }
    let tuned = hyperparameters.tuned
    own = columns.map { column in
      column < tuned.count
        ? Own(name: tuned[column].name, derivative: tuned[column].derivative) : nil
    }
  }

  /// How many columns there are.
  public var columnCount: Int { own.count }

  /// The value used in training; 0 where the optimizer has no such hyperparameter.
  public func value(_ name: HyperparameterName) -> Double { values[name.position] }

  /// The derivative of that value along a column: non-zero only in the hyperparameter's own.
  public func derivative(_ name: HyperparameterName, column: Int) -> Double {
    guard let own = own[column], own.name == name else { return 0 }
    return own.derivative
  }

  /// Whether a column is that of one of the optimizer's own hyperparameters.
  public func isOwn(column: Int) -> Bool { own[column] != nil }
}
