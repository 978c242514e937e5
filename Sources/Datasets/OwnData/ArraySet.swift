/// Examples from arrays in files: one row of the inputs and one of the targets each.
///
/// A set is a view, as an ``ImageSet`` is: `selecting(_:)` shares the arrays.
public struct ArraySet: Sendable {
  /// What an example's inputs are to a model.
  public enum Inputs: Hashable, Sendable {
    /// An image `[channels, height, width]`, as PyTorch lays it out; `[height, width]` has one channel.
    case image(channels: Int, height: Int, width: Int)
    /// Numbers of a shape.
    case numbers([Int])
    /// Whole numbers of a shape, each in 0 ..< vocabulary.
    case tokens([Int], vocabulary: Int)
  }

  /// What an example's targets are to a model.
  public enum Targets: Hashable, Sendable {
    /// A class in 0 ..< count.
    case classes(count: Int)
    /// Whole numbers of a shape, each in 0 ..< count, such as the token to be told at each position.
    case tokens([Int], count: Int)
    /// Numbers of a shape to be told.
    case numbers([Int])
  }

  /// What reports call the set: the name of its file.
  public let name: String
  /// What the inputs are to a model.
  public let inputs: Inputs
  /// What the targets are to a model.
  public let targets: Targets
  /// The array behind the inputs.
  public let inputArray: StoredArray
  /// The array behind the targets.
  public let targetArray: StoredArray
  let scaling: ArrayScaling
  /// Which stored row each example is; nil: all of them, in their order.
  let rows: [Int32]?
  /// The classes of all stored rows.
  let storedLabels: [Int32]
  /// The classes as the file has them, where some were made wrong; else nil.
  let trueLabels: [Int32]?

  init(
    name: String, inputs: Inputs, targets: Targets, inputArray: StoredArray,
    targetArray: StoredArray, labels: [Int32]
  ) {
    self.name = name
    self.inputs = inputs
    self.targets = targets
    self.inputArray = inputArray
    self.targetArray = targetArray
    rows = nil
    storedLabels = labels
    trueLabels = nil
    scaling = ArrayScaling(nil, block: 1, type: inputArray.type)
  }

  private init(
    _ other: ArraySet, rows: [Int32]?, labels: [Int32]? = nil, scaling: ArrayScaling? = nil
  ) {
    name = other.name
    inputs = other.inputs
    targets = other.targets
    inputArray = other.inputArray
    targetArray = other.targetArray
    self.rows = rows
    storedLabels = labels ?? other.storedLabels
    trueLabels = labels == nil ? other.trueLabels : other.trueLabels ?? other.storedLabels
    self.scaling = scaling ?? other.scaling
  }

  /// How many examples the set holds.
  public var count: Int { rows?.count ?? inputArray.count }

  /// How stored numbers become those that a model sees; nil: they are as they are, but for bytes, which
  /// are divided by 255.
  public var normalisation: Normalisation? { scaling.normalisation }

  /// Where an example stands in its file, from 0.
  @inline(__always)
  public func position(at index: Int) -> Int { rows.map { Int($0[index]) } ?? index }

  /// The label that the file gives an example, whatever it was changed to.
  ///
  /// - Precondition: the targets are classes.
  public func trueLabel(at index: Int) -> Int {
    Int((trueLabels ?? storedLabels)[position(at: index)])
  }

  /// How many entries a normalisation has, and how many numbers in a row belong to the same one.
  var entries: (count: Int, block: Int) {
    switch inputs {
    case .image(let channels, let height, let width): (channels, height * width)
    case .numbers(let shape): (shape.last ?? 1, 1)
    case .tokens: (0, 1)
    }
  }

  /// The examples with their numbers normalised.
  ///
  /// - Precondition: one mean for each entry.
  func normalised(by normalisation: Normalisation?) -> ArraySet {
    let entries = entries
    precondition(
      normalisation.map { $0.channels == entries.count } ?? true,
      "a normalisation of \(normalisation?.channels ?? 0) entries for \(entries.count)")
    return ArraySet(
      self, rows: rows,
      scaling: ArrayScaling(normalisation, block: entries.block, type: inputArray.type))
  }

  /// The mean and the deviation of these examples' numbers.
  ///
  /// - Throws: `DatasetError` when a number is not finite, or the file cannot be read.
  func statistics() throws(DatasetError) -> Normalisation {
    let (count, block) = entries
    guard let rows else {
      return try inputArray.statistics(of: 0..<inputArray.count, entries: count, block: block)
    }
    return try inputArray.statistics(of: rows.lazy.map { Int($0) }, entries: count, block: block)
  }
}

extension ArraySet: SplittableSet {
  /// Labels are 0 ..< classes; nil where the targets are no classes.
  public var classes: Int? { if case .classes(let count) = targets { count } else { nil } }

  /// The label of an example.
  public func label(at index: Int) -> Int { Int(storedLabels[position(at: index)]) }

  /// The examples at some indices, in that order, sharing this set's arrays.
  public func selecting(_ indices: some Sequence<Int>) -> ArraySet {
    ArraySet(self, rows: indices.map { Int32(position(at: $0)) })
  }

  /// The examples with other labels for some of them; the file's own are not forgotten.
  public func relabelled(_ changes: [(image: Int, label: Int)]) -> ArraySet {
    var labels = storedLabels
    for (example, label) in changes { labels[position(at: example)] = Int32(label) }
    return ArraySet(self, rows: rows, labels: labels)
  }

  /// How many examples of every class there are; empty where the targets are no classes.
  public var classHistogram: [Int] {
    var histogram = [Int](repeating: 0, count: classes ?? 0)
    guard classes != nil else { return [] }
    for index in 0..<count { histogram[label(at: index)] += 1 }
    return histogram
  }
}
