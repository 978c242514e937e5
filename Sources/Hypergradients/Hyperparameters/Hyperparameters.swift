/// All hyperparameters of a run, and the order of φ.
///
/// φ ∈ ℝ^q holds the tuned hyperparameters of the inner optimizer in the order of
/// `HyperparameterName` and, where each layer has its own, of the layers; then those that the training
/// loss sees directly (the weights of a weight network, which need no transform).
public struct Hyperparameters: Equatable, Sendable {
  /// The inner optimizer's, tuned and fixed, in the order of `HyperparameterName`.
  public private(set) var optimizer: [Hyperparameter]
  /// Those that the training loss sees; all of them are tuned.
  public private(set) var loss: [Double]
  /// What those are called in logs.
  private let lossNames: [String]

  /// Puts hyperparameters in order.
  ///
  /// - Parameters:
  ///   - optimizer: the inner optimizer's, in any order: each name once, or once for every layer.
  ///   - loss: φ of the training loss.
  ///   - lossNames: what its entries are called; `loss-0` and so on by default.
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

  /// Whether some hyperparameter belongs to a single layer.
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

  /// What each entry of φ is called in logs.
  public var columnNames: [String] { tuned.map(\.columnName) + lossNames }

  /// The (first layer's) hyperparameter of that name, or nil where the inner optimizer has none.
  public subscript(name: HyperparameterName) -> Hyperparameter? {
    optimizer.first { $0.name == name }
  }

  /// The places of a hyperparameter in φ, one per layer that has its own; empty where it is fixed or
  /// absent.
  public func columns(of name: HyperparameterName) -> [Int] {
    tuned.indices.filter { tuned[$0].name == name }
  }

  /// Every number behind the values, tuned or fixed: what the ranks must agree on, and what has to be
  /// kept to go on with a run.
  public var numbers: [Double] {
    get { optimizer.map(\.number) + loss }
    set {
      precondition(newValue.count == optimizer.count + loss.count, "numbers of another layout")
      for index in optimizer.indices { optimizer[index].number = newValue[index] }
      loss = Array(newValue[optimizer.count...])
    }
  }

  /// Brings φ to the nearest one whose values are within their limits.
  ///
  /// Hypergradients stay as they are, those of φ itself and not of its projection: an entry at a limit
  /// leaves it as soon as an update points inwards.
  ///
  /// - Returns: the names of the columns that had to move.
  public mutating func project() -> [String] {
    optimizer.indices.compactMap { index in
      optimizer[index].project() ? optimizer[index].columnName : nil
    }
  }

  /// Multiplies the learning rate's value, in every layer, by a factor in (0, 1], tuned or not, as
  /// far as its limits allow.
  ///
  /// - Returns: whether some layer's became smaller.
  mutating func scaleLearningRate(by factor: Double) -> Bool {
    var changed = false
    for index in optimizer.indices where optimizer[index].name == .learningRate {
      if optimizer[index].scaleValue(by: factor) { changed = true }
    }
    return changed
  }
}
