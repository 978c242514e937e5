/// The parts of a user's own data as their files have them, before they are split.
public struct ArraySets: Sendable {
  /// What is trained on and, where there is no other part for it, validated on.
  public let train: ArraySet
  /// What is tested on.
  public let test: ArraySet
  /// What is validated on; nil: a part of `train`.
  public let validation: ArraySet?

  init(train: ArraySet, test: ArraySet, validation: ArraySet?) {
    (self.train, self.test, self.validation) = (train, test, validation)
  }

  /// Opens files and checks everything that can be checked without reading large inputs through.
  ///
  /// - Throws: `DatasetError` that names file, array and index.
  public init(_ source: ArraySource) throws(DatasetError) {
    guard let testPart = source.test else {
      throw DatasetError(
        source.train.path, "is to be trained on, and there is nothing to test on",
        remedies: [.nameTest])
    }
    let reader = PartReader(source)
    let train = try reader.arrays(source.train, like: nil)
    let test = try reader.arrays(testPart, like: train)
    var validation: PartReader.Arrays?
    if let part = source.validation { validation = try reader.arrays(part, like: train) }
    let parts = [train, test] + (validation.map { [$0] } ?? [])
    let targets = try Self.targets(parts, source)
    let inputs = try Self.inputs(parts, targets, source)
    func set(_ part: PartReader.Arrays) throws(DatasetError) -> ArraySet {
      ArraySet(
        name: part.inputs.path, inputs: inputs, targets: targets, inputArray: part.inputs,
        targetArray: part.targets, labels: try Self.labels(part.targets, targets))
    }
    self.train = try set(train)
    self.test = try set(test)
    self.validation = try validation.map { part throws(DatasetError) in try set(part) }
  }

  // MARK: What the arrays are

  private static func targets(
    _ parts: [PartReader.Arrays], _ source: ArraySource
  ) throws(DatasetError) -> ArraySet.Targets {
    let array = parts[0].targets
    var shape = array.rowShape
    if source.classes == .none || !array.type.isInteger {
      if case .given = source.classes {
        throw DatasetError(
          array.name, "holds numbers of type \(array.type.rawValue), which are no classes",
          remedies: [.nameNumbers])
      }
      for part in parts { try requireFinite(part.targets) }
      // A single number is a row of one.
      return .numbers(shape.isEmpty ? [1] : shape)
    }
    if shape == [1] { shape = [] }
    let given: Int? = if case .given(let count) = source.classes { count } else { nil }
    let remedies: [DatasetError.Remedy] = [.nameClasses]
    var count = given ?? 0
    for (index, part) in parts.enumerated() {
      // The training part says how many there are, and the others are held to it.
      let limit = given ?? (index == 0 ? nil : count)
      // Given, tokens in large files are looked at when they are loaded.
      if given != nil, !shape.isEmpty, !part.targets.isInMemory { continue }
      do throws(DatasetError) {
        let largest = try part.targets.largestInteger(below: limit, remedy: "")
        if index == 0, given == nil { count = largest + 1 }
      } catch {
        throw DatasetError(error.path, error.problem, remedies: remedies)
      }
    }
    return shape.isEmpty ? .classes(count: count) : .tokens(shape, count: count)
  }

  private static func inputs(
    _ parts: [PartReader.Arrays], _ targets: ArraySet.Targets, _ source: ArraySource
  ) throws(DatasetError) -> ArraySet.Inputs {
    let array = parts[0].inputs
    let shape = array.rowShape
    let isNumbers = !array.type.isInteger || array.type == .uint8 || array.type == .bool
    if source.layout == .images, isNumbers, shape.count == 2 {
      return .image(channels: 1, height: shape[0], width: shape[1])
    }
    if source.layout == .images, isNumbers, shape.count == 3 {
      return .image(channels: shape[0], height: shape[1], width: shape[2])
    }
    let isTokens =
      switch source.layout {
      case .numbers: false
      case .tokens: array.type.isInteger
      case .plain, .images: !isNumbers
      }
    guard isTokens else { return .numbers(shape.isEmpty ? [1] : shape) }
    var vocabulary = 0
    if case .given(let count) = source.classes, case .tokens = targets {
      return .tokens(shape, vocabulary: count)
    }
    for part in parts {
      let largest = try part.inputs.largestInteger(
        below: nil, remedy: "Inputs of whole numbers are tokens; convert them if they are not.")
      vocabulary = max(vocabulary, largest + 1)
    }
    if case .tokens(_, let count) = targets { vocabulary = max(vocabulary, count) }
    return .tokens(shape, vocabulary: vocabulary)
  }

  private static func requireFinite(_ array: StoredArray) throws(DatasetError) {
    let scaling = ArrayScaling(nil, block: 1, type: array.type == .uint8 ? .bool : array.type)
    let type = array.type == .uint8 ? ElementType.bool : array.type
    let numbers = UnsafeMutablePointer<Double>.allocate(capacity: array.rowLength)
    defer { numbers.deallocate() }
    try array.forEachRow { row, bytes throws(DatasetError) in
      if let wrong = scaling.convert(bytes, type, count: array.rowLength, into: numbers) {
        throw array.nonFinite(row: row, index: wrong)
      }
    }
  }

  private static func labels(
    _ array: StoredArray, _ targets: ArraySet.Targets
  ) throws(DatasetError) -> [Int32] {
    guard case .classes = targets else { return [] }
    var labels = [Int32](repeating: 0, count: array.count)
    try array.forEachRow { row, bytes throws(DatasetError) in
      labels[row] = Int32(truncatingIfNeeded: array.integer(bytes, 0))
    }
    return labels
  }
}
