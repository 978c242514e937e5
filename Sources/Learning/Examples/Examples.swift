import Tensors

/// Examples that are counted and loaded by number.
public protocol Examples: Sendable {
  /// How many there are.
  var count: Int { get }
  /// What each of them consists of.
  var fields: [ExampleField] { get }

  /// Fills the variables of a shard.
  ///
  /// Called for every shard of every step: allocate nothing.
  ///
  /// - Parameters:
  ///   - indices: which examples, each in 0 ..< count, as many as the shard has.
  ///   - step: the inner step they are trained on in, from 0, for what changes them at random; nil
  ///     where they are only looked at.
  ///   - fields: the variables, one for each field.
  func load<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, step: Int?, into fields: FieldVariables<Number>)
}

/// Examples of classes.
public protocol LabelledExamples: Examples {
  /// Labels are 0 ..< classCount.
  var classCount: Int { get }

  /// Copies labels in the order of the indices: `destination[i] = label[indices[i]]`.
  func copyLabels(
    _ indices: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Int32>)
}

/// The examples of a training, in three parts of the same fields.
public struct SplitExamples: Sendable {
  /// What is trained on.
  public let training: any Examples
  /// What hypergradients come from.
  public let validation: any Examples
  /// What only reports see.
  public let test: any Examples

  /// Three parts.
  ///
  /// - Precondition: their fields are the same.
  public init(training: any Examples, validation: any Examples, test: any Examples) {
    precondition(
      training.fields == validation.fields && training.fields == test.fields,
      "the parts of a data set have the fields \(training.fields), \(validation.fields) and "
        + "\(test.fields)")
    self.training = training
    self.validation = validation
    self.test = test
  }
}
