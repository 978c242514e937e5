import Differentiation
import Tensors

/// A node that is being recorded, with its arguments.
struct OperatorCall<Number: Scalar> {
  /// The node.
  let node: Node
  /// The version of the default domain's operators.
  let opset: Int
  /// Values of the inputs; nil where an optional one is left out.
  let inputs: [GraphValue<Number>?]
  /// Where operations are recorded.
  let tape: Tape<Number>
  /// How many more elements of constants may be made.
  let room: FoldingRoom
  /// Inputs that are known although they stand on a tape, where an operator is folded.
  var known: [HostTensor?] = []
}

/// An operator of ONNX, put on a tape.
///
/// A new operator is a small type like this and a line in the table of ``OperatorTable``.
protocol GraphOperator: Sendable {
  /// Whether it computes its result itself where all inputs are constants; if not, it is recorded on a
  /// tape of its own then, and replayed.
  var foldsConstants: Bool { get }
  /// Records the operator, or computes its result if it is a constant.
  ///
  /// - Returns: one value for each output of the node that is computed.
  /// - Throws: what is not supported, or what does not fit.
  func record<Number: Scalar>(
    _ call: OperatorCall<Number>
  ) throws(ModelProblem) -> [GraphValue<Number>]
}

extension GraphOperator {
  /// It is recorded.
  var foldsConstants: Bool { false }
}

/// Bounds the memory for constants that are computed while a model is recorded: a few bytes of a file
/// can ask for any number of zeros.
final class FoldingRoom {
  /// Elements of all of them together.
  static let limit = 1 << 25
  private(set) var left = FoldingRoom.limit

  /// Whether there is room for so many more.
  func take(_ count: Int) -> Bool {
    guard count <= left else { return false }
    left -= count
    return true
  }
}

// MARK: Arguments

extension OperatorCall {
  /// What is wrong with the node.
  func problem(_ text: String) -> ModelProblem { ModelProblem(node, text) }

  /// Whether an input is given.
  func has(_ i: Int) -> Bool { i < inputs.count && inputs[i] != nil }

  /// The name of an input in the file.
  func name(_ i: Int) -> String { i < node.inputs.count ? node.inputs[i] : "" }

  /// Whether a result is asked for.
  func wants(_ output: Int) -> Bool {
    output < node.outputs.count && !node.outputs[output].isEmpty
  }

  /// An input as it is.
  func value(_ i: Int) throws(ModelProblem) -> GraphValue<Number> {
    guard i < inputs.count, let value = inputs[i] else {
      throw problem("its input \(i) is missing")
    }
    return value
  }

  /// Whether all inputs that are given are known numbers.
  var isConstant: Bool {
    inputs.allSatisfy {
      switch $0 {
      case .constant, nil: true
      default: false
      }
    }
  }

  /// An input that must be known when the model is recorded.
  func constant(_ i: Int) throws(ModelProblem) -> HostTensor {
    if i < known.count, let tensor = known[i] { return tensor }
    guard case .constant(let tensor) = try value(i) else {
      throw problem(
        "its input \(i) (\(name(i))) must be known when the model is read, and depends on "
          + "the examples or on parameters")
    }
    return tensor
  }

  /// The elements of a constant input of whole numbers.
  func integers(_ i: Int) throws(ModelProblem) -> [Int] {
    guard let numbers = try constant(i).wholeNumbers else {
      throw problem("its input \(i) (\(name(i))) must be whole numbers")
    }
    return numbers
  }

  /// The one element of a constant input of whole numbers.
  func integer(_ i: Int) throws(ModelProblem) -> Int {
    let numbers = try integers(i)
    guard numbers.count == 1 else {
      throw problem("its input \(i) (\(name(i))) must be one whole number, not \(numbers.count)")
    }
    return numbers[0]
  }

  /// The one element of a constant input.
  func number(_ i: Int) throws(ModelProblem) -> Double {
    let numbers = try constant(i).numbers
    guard numbers.count == 1 else {
      throw problem("its input \(i) (\(name(i))) must be one number, not \(numbers.count)")
    }
    return numbers[0]
  }

  /// An input as a row-major tensor on the tape, with at least one element.
  func tensor(_ i: Int) throws(ModelProblem) -> Variable<Number> {
    try tensor(try value(i), "its input \(i) (\(name(i)))")
  }

  /// A value as a row-major tensor on the tape.
  func tensor(
    _ value: GraphValue<Number>, _ what: String
  ) throws(ModelProblem) -> Variable<Number> {
    let variable: Variable<Number>
    switch value {
    case .constant(let host):
      guard host.count > 0 else { throw problem("\(what) is empty, of shape \(host.dimensions)") }
      return tape.constant(host.numbers, host.dimensions)
    case .integers(let integers): variable = tape.numbers(of: integers)
    case .variable(let x):
      if case .image = x.shape { variable = tape.tensor(of: x) } else { variable = x }
    case .sequence: throw problem("\(what) is a sequence, and must be a tensor")
    }
    guard variable.count > 0 else {
      throw problem("\(what) is empty, of shape \(variable.shape)")
    }
    return variable
  }

  /// The length of every axis of an input.
  func dimensions(_ i: Int) throws(ModelProblem) -> [Int] {
    try dimensions(of: try value(i))
  }

  /// Whether an optional input is left out or has this shape.
  func fits(_ i: Int, _ shape: [Int]) throws(ModelProblem) -> Bool {
    has(i) ? try dimensions(i) == shape : true
  }

  /// The length of every axis of a value.
  func dimensions(of value: GraphValue<Number>) throws(ModelProblem) -> [Int] {
    switch value {
    case .constant(let host): return host.dimensions
    case .integers(let integers): return integers.shape.dimensions
    case .variable(let x): return x.shape.dimensions
    case .sequence: throw problem("an input is a sequence, and must be a tensor")
    }
  }
}

// MARK: Attributes

extension OperatorCall {
  /// Whether an attribute is there.
  func hasAttribute(_ name: String) -> Bool { node.attributes[name] != nil }

  /// An attribute that is a whole number.
  func int(_ name: String, _ missing: Int) throws(ModelProblem) -> Int {
    switch node.attributes[name] {
    case nil: return missing
    case .integer(let number): return number
    default: throw problem("its attribute \(name) must be a whole number")
    }
  }

  /// An attribute that is a truth value.
  func flag(_ name: String, _ missing: Bool = false) throws(ModelProblem) -> Bool {
    try int(name, missing ? 1 : 0) != 0
  }

  /// An attribute that is several whole numbers.
  func ints(_ name: String) throws(ModelProblem) -> [Int]? {
    switch node.attributes[name] {
    case nil: return nil
    case .integers(let numbers): return numbers
    default: throw problem("its attribute \(name) must be whole numbers")
    }
  }

  /// An attribute that is a number.
  func float(_ name: String, _ missing: Double) throws(ModelProblem) -> Double {
    switch node.attributes[name] {
    case nil: return missing
    case .float(let number): return number
    case .integer(let number): return Double(number)
    default: throw problem("its attribute \(name) must be a number")
    }
  }

  /// An attribute that is a word.
  func string(_ name: String, _ missing: String) throws(ModelProblem) -> String {
    switch node.attributes[name] {
    case nil: return missing
    case .string(let word): return word
    default: throw problem("its attribute \(name) must be a string")
    }
  }

  /// Numbers by attribute in old versions of an operator, by input in new ones.
  func integers(_ name: String, orInput i: Int) throws(ModelProblem) -> [Int]? {
    if has(i) { return try integers(i) }
    return try ints(name)
  }
}

// MARK: Checks

extension OperatorCall {
  /// An axis from 0 on, of one that may count from the end.
  func axis(_ axis: Int, _ rank: Int) throws(ModelProblem) -> Int {
    guard axis >= -rank, axis < rank else {
      throw problem("there is no axis \(axis) in a tensor of \(rank) axes")
    }
    return axis < 0 ? axis + rank : axis
  }

  /// Several axes from 0 on, none twice.
  func axes(_ axes: [Int], _ rank: Int) throws(ModelProblem) -> [Int] {
    var result: [Int] = []
    for axis in axes { result.append(try self.axis(axis, rank)) }
    guard Set(result).count == result.count else {
      throw problem("an axis is named twice among \(axes)")
    }
    return result
  }

  /// How many elements a shape has.
  func count(_ dimensions: [Int]) throws(ModelProblem) -> Int {
    var count = 1
    for length in dimensions {
      guard length >= 0 else { throw problem("an axis would have the length \(length)") }
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else { throw problem("a shape \(dimensions) is too large") }
      count = product
    }
    return count
  }

  /// Refuses results with no elements or absurdly many.
  func check(variable dimensions: [Int]) throws(ModelProblem) {
    let count = try count(dimensions)
    guard count > 0 else { throw problem("its result would be empty, of shape \(dimensions)") }
    guard count <= 1 << 28 else {
      throw problem("its result \(dimensions) would have \(count) numbers; 2^28 is the most")
    }
  }

  /// Refuses constants that would take too much memory.
  func check(constant dimensions: [Int]) throws(ModelProblem) {
    let count = try count(dimensions)
    guard room.take(count) else {
      throw problem(
        "its result \(dimensions) is a constant of \(count) elements; all constants that are "
          + "computed may have \(FoldingRoom.limit) together")
    }
  }

  /// The shape that two broadcast to.
  func broadcast(_ left: [Int], _ right: [Int]) throws(ModelProblem) -> [Int] {
    guard let shape = Places.broadcast(left, right) else {
      throw problem("the shapes \(left) and \(right) do not broadcast to one")
    }
    return shape
  }

  /// A variable that is refused if it has absurdly many numbers.
  func checked(_ variable: Variable<Number>) throws(ModelProblem) -> GraphValue<Number> {
    try check(variable: variable.shape.dimensions)
    return .variable(variable)
  }
}
