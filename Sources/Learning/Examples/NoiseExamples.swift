import Tensors

/// Random examples, to measure how long a model takes without any data.
public struct NoiseExamples: LabelledExamples {
  /// The number of examples.
  public let count: Int
  private let description: ExampleDescription

  /// Noise with the fields of a data set.
  public init(_ description: ExampleDescription, count: Int) {
    self.description = description
    self.count = count
  }

  /// Those of the data set.
  public var fields: [ExampleField] { description.fields }

  /// The number of classes; 1 if the targets are not classes.
  public var classCount: Int { max(1, description.classes) }

  /// Fills inputs and targets, each a function of the example's index.
  public func load<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, step: Int?, into fields: FieldVariables<Number>
  ) {
    let first = UInt64(indices.first ?? 0)
    var stream = RandomStream(seed: first, purpose: .testing)
    for field in self.fields {
      if case .integers = field.kind {
        let limit = field == description.input ? description.vocabulary : description.classes
        let input = fields.integers(field.name)
        for i in 0..<input.count { input.pointer[i] = Int32(i % max(1, limit)) }
      } else {
        let variable = fields.numbers(field.name)
        for i in 0..<variable.count { variable.value[i] = Number(2 * stream.uniform() - 1) }
      }
    }
  }

  /// Labels in turn.
  public func copyLabels(
    _ indices: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Int32>
  ) {
    for (i, index) in indices.enumerated() { destination[i] = Int32(index % classCount) }
  }
}
