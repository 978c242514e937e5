/// All hyperparameters of a run, and the order of φ.
///
/// φ ∈ ℝ^q holds the tuned hyperparameters of the inner optimizer in the order of
/// `HyperparameterName`, then those that the training loss sees directly (the weights of a weight
/// network, which need no transform).
public struct Hyperparameters: Equatable, Sendable {
  /// The inner optimizer's, tuned and fixed, in the order of `HyperparameterName`.
  public private(set) var optimizer: [Hyperparameter]
  /// Those that the training loss sees; all of them are tuned.
  public private(set) var loss: [Double]

  /// Puts hyperparameters in order.
  ///
  /// - Parameters:
  ///   - optimizer: the inner optimizer's, each name once, in any order.
  ///   - loss: φ of the training loss.
  public init(_ optimizer: [Hyperparameter], loss: [Double] = []) {
    let names = Set(optimizer.map(\.name))
    precondition(names.count == optimizer.count, "a hyperparameter was given twice")
    self.optimizer = optimizer.sorted { $0.name.position < $1.name.position }
    self.loss = loss
  }

  /// q, the length of φ.
  public var count: Int { optimizer.count(where: \.isTuned) + loss.count }

  /// The inner optimizer's tuned hyperparameters: the first entries of φ.
  public var tuned: [Hyperparameter] { optimizer.filter(\.isTuned) }

  /// φ, `[q]`.
  public var raw: [Double] {
    get { tuned.map(\.number) + loss }
    set {
      precondition(newValue.count == count, "\(newValue.count) numbers for a φ of \(count)")
      var rest = newValue[...]
      for index in optimizer.indices where optimizer[index].isTuned {
        optimizer[index].number = rest.removeFirst()
      }
      loss = Array(rest)
    }
  }

  /// What each entry of φ is called in logs.
  public var columnNames: [String] {
    tuned.map(\.name.rawValue) + loss.indices.map { "loss-\($0)" }
  }

  /// The hyperparameter of that name, or nil where the inner optimizer has none.
  public subscript(name: HyperparameterName) -> Hyperparameter? {
    optimizer.first { $0.name == name }
  }

  /// The place of a hyperparameter in φ, or nil where it is fixed or absent.
  public func column(of name: HyperparameterName) -> Int? {
    tuned.firstIndex { $0.name == name }
  }

  /// Every number behind the values, tuned or fixed: what the ranks must agree on.
  var numbers: [Double] {
    get { optimizer.map(\.number) + loss }
    set {
      precondition(newValue.count == optimizer.count + loss.count, "numbers of another layout")
      for index in optimizer.indices { optimizer[index].number = newValue[index] }
      loss = Array(newValue[optimizer.count...])
    }
  }

  /// Multiplies the learning rate's value by a factor in (0, 1], tuned or not.
  ///
  /// - Returns: whether it could be changed.
  mutating func scaleLearningRate(by factor: Double) -> Bool {
    guard let index = optimizer.firstIndex(where: { $0.name == .learningRate }) else {
      return false
    }
    return optimizer[index].scaleValue(by: factor)
  }
}
