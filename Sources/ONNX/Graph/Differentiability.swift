/// Which inputs of an operator a derivative reaches from its outputs.
///
/// Only for the decision which tensors can be trained: an operator that is not named here is taken to
/// pass derivatives from its first output to all inputs, as sums, products and most functions do.
struct Differentiability {
  private enum Inputs {
    case none
    case only(Set<Int>)
    case all
  }

  private let inputs: Inputs
  /// Outputs behind the first that have derivatives, too.
  private let hasManyOutputs: Bool

  /// Of a node.
  init(of node: Node) {
    hasManyOutputs = !Self.withIntegersBehind.contains(node.type)
    if Self.first.contains(node.type) {
      inputs = .only([0])
    } else if let some = Self.some[node.type] {
      inputs = .only(some)
    } else if Self.none.contains(node.type) || Self.isCastToIntegers(node) {
      inputs = .none
    } else {
      inputs = .all
    }
  }

  /// Whether there is a derivative of an output.
  func comesFrom(output: Int) -> Bool { output == 0 || hasManyOutputs }

  /// Whether there is a derivative by an input.
  func reaches(input: Int) -> Bool {
    switch inputs {
    case .none: false
    case .only(let some): some.contains(input)
    case .all: true
    }
  }

  private static func isCastToIntegers(_ node: Node) -> Bool {
    guard node.type == "Cast", case .integer(let code) = node.attributes["to"] else { return false }
    return ElementType(code: code)?.isFloat != true
  }

  /// Results that are shapes, places, truth values, or constant between jumps.
  private static let none: Set = [
    "And", "ArgMax", "ArgMin", "Bernoulli", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr",
    "BitwiseXor", "Ceil", "ConstantOfShape", "Equal", "EyeLike", "Floor", "Greater",
    "GreaterOrEqual", "IsInf", "IsNaN", "Less", "LessOrEqual", "Multinomial", "NonZero", "Not",
    "Or", "RandomNormalLike", "RandomUniformLike", "Range", "Round", "Shape", "Sign", "Size",
    "Xor",
  ]

  /// The other inputs are shapes, places, axes, bounds or rates.
  private static let first: Set = [
    "CastLike", "Clip", "CumSum", "Dropout", "Expand", "Gather", "GatherElements", "GatherND",
    "MaxUnpool", "Mod", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax",
    "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", "Reshape", "Resize",
    "ReverseSequence", "SequenceAt", "Slice", "Split", "SplitToSequence", "Squeeze", "Tile", "TopK",
    "Trilu", "Unsqueeze",
  ]

  private static let some: [String: Set<Int>] = [
    // Scale and shift, but not the running mean and variance.
    "BatchNormalization": [0, 1, 2],
    // All but the lengths of the sequences.
    "GRU": [0, 1, 2, 3, 5], "LSTM": [0, 1, 2, 3, 5, 6, 7], "RNN": [0, 1, 2, 3, 5],
    "OneHot": [2],
    "Pad": [0, 2],
    "ScatterElements": [0, 2], "ScatterND": [0, 2],
    "SequenceInsert": [0, 1],
    "Where": [1, 2],
  ]

  /// The second output is a mask, places, or statistics that are not trained by.
  private static let withIntegersBehind: Set = ["BatchNormalization", "Dropout", "MaxPool", "TopK"]
}
