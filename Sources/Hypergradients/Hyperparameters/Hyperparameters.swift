/// All hyperparameters of a run, and the order of φ.
///
/// φ ∈ ℝ^q holds the inner optimizer's tuned hyperparameters, ordered by `HyperparameterName` and,
/// where each layer has its own, by layer; then those that the training loss reads directly (the
/// weights of a weight network, which need no transform).
public struct Hyperparameters: Equatable, Sendable {
  /// The inner optimizer's hyperparameters, tuned and fixed, ordered by `HyperparameterName`.
  public private(set) var optimizer: [Hyperparameter]
  /// The hyperparameters that the training loss reads; all are tuned.
  public private(set) var loss: [Double]
  /// Their names in logs.
  private let lossNames: [String]

  /// Sorts hyperparameters into the order of φ.
  ///
  /// - Parameters:
  ///   - optimizer: the inner optimizer's, in any order: each name once, or once per layer.
  ///   - loss: the training loss's part of φ.
  ///   - lossNames: names of its entries; defaults to `loss-0` and so on.
  public init(_ optimizer: [Hyperparameter], loss: [Double] = [], lossNames: [String]? = nil) {
    let names = Set(optimizer.map(\.columnName))
    precondition(names.count == optimizer.count, "a hyperparameter was given twice")
    precondition((lossNames ?? []).isEmpty || lossNames?.count == loss.count, "names of other φ")
    self.optimizer = optimizer.sorted {
      ($0.name.position, $0.layer?.index ?? -1) < ($1.name.position, $1.layer?.index ?? -1)
    }
    self.loss = loss
    self.lossNames = lossNames ?? loss.indices.map { "loss-\($0)" }
  }

  /// Whether any hyperparameter belongs to a single layer.
  public var isLayered: Bool { optimizer.contains { $0.layer != nil } }

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

  /// The name of each entry of φ in logs.
  public var columnNames: [String] { tuned.map(\.columnName) + lossNames }

  /// The hyperparameter of that name (of the first layer), or nil if the inner optimizer has none.
  public subscript(name: HyperparameterName) -> Hyperparameter? {
    optimizer.first { $0.name == name }
  }

  /// The indices of a hyperparameter in φ, one per layer that has its own; empty if it is fixed or
  /// absent.
  public func columns(of name: HyperparameterName) -> [Int] {
    tuned.indices.filter { tuned[$0].name == name }
  }

  /// The numbers behind all values, tuned and fixed: the ranks must agree on them, and a checkpoint
  /// stores them.
  public var numbers: [Double] {
    get { optimizer.map(\.number) + loss }
    set {
      precondition(newValue.count == optimizer.count + loss.count, "numbers of another layout")
      for index in optimizer.indices { optimizer[index].number = newValue[index] }
      loss = Array(newValue[optimizer.count...])
    }
  }

  /// Moves φ to the nearest one whose values are within their limits.
  ///
  /// Hypergradients are not projected: an entry at a limit leaves it as soon as an update points
  /// inwards.
  ///
  /// - Returns: the names of the columns that moved.
  public mutating func project() -> [String] {
    optimizer.indices.compactMap { index in
      optimizer[index].project() ? optimizer[index].columnName : nil
    }
  }

  /// Multiplies the learning rate's value in every layer, tuned or not, by a factor in (0, 1],
  /// clamped to its limits.
  ///
  /// - Returns: whether the value decreased in any layer.
  mutating func scaleLearningRate(by factor: Double) -> Bool {
    var changed = false
    for index in optimizer.indices where optimizer[index].name == .learningRate {
      if optimizer[index].scaleValue(by: factor) { changed = true }
    }
    return changed
  }
}
