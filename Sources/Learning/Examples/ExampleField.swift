import Differentiation
import Tensors

/// A part of every example: an input or a target, of numbers or of integers.
public struct ExampleField: Hashable, Sendable {
  /// What it consists of.
  public enum Kind: Hashable, Sendable {
    /// An image of numbers, laid out as convolutions want it.
    case image(channels: Int, height: Int, width: Int)
    /// Numbers, row-major, of a shape without the batch.
    case numbers([Int])
    /// Integers such as labels or tokens, row-major, of a shape without the batch.
    case integers([Int])
  }

  /// What models call it.
  public let name: String
  /// What it consists of.
  public let kind: Kind

  /// A field.
  public init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// The shape of a shard's variable.
  func shape(count: Int) -> Shape {
    switch kind {
    case .image(let channels, let height, let width):
      .image(batch: count, channels: channels, height: height, width: width)
    case .numbers(let shape), .integers(let shape): .tensor([count] + shape)
    }
  }
}

/// The fields of a shard of examples as variables of a tape.
public struct FieldVariables<Number: Scalar> {
  /// Examples in the shard.
  public let count: Int
  private var numbers: [String: Variable<Number>] = [:]
  private var integers: [String: IntegerInput] = [:]

  /// Declares fields on a tape.
  init(_ fields: [ExampleField], count: Int, on tape: Tape<Number>) {
    self.count = count
    for field in fields {
      let shape = field.shape(count: count)
      if case .integers = field.kind {
        integers[field.name] = tape.integerInput(shape)
      } else {
        numbers[field.name] = tape.input(shape)
      }
    }
  }

  /// The variable of a field of numbers.
  ///
  /// - Precondition: there is one.
  public func numbers(_ name: String) -> Variable<Number> {
    guard let variable = numbers[name] else {
      preconditionFailure("examples have no numbers \(name), only \(numbers.keys.sorted())")
    }
    return variable
  }

  /// The input of a field of integers.
  ///
  /// - Precondition: there is one.
  public func integers(_ name: String) -> IntegerInput {
    guard let input = integers[name] else {
      preconditionFailure("examples have no integers \(name), only \(integers.keys.sorted())")
    }
    return input
  }
}
