import Differentiation
import Networks
import ONNX
import Tensors

/// A graph recorded once without data, to see whether it can be and what it costs.
public struct GraphTrial: Sendable {
  /// How many examples it was recorded for.
  public let count: Int
  /// The shapes of the outputs; nil for one that is no variable.
  public let outputs: [[Int]?]
  /// How many different tokens its tables have rows for; nil if it takes none.
  public let vocabulary: Int?
  /// Floating-point operations of all products, two a multiplication, by pass.
  private let operations: [TapePass: Int]

  /// Records a graph for some examples; axes other than the first that the file leaves open are of the
  /// length `open`.
  ///
  /// - Throws: everything that is wrong with the graph.
  public init(_ graph: ONNXModel, count: Int, open: Int = 16) throws(ModelProblems) {
    let tape = Tape<Float>()
    let parameters = ParameterVariables(ParameterLayout(of: graph), on: tape)
    var inputs: [String: GraphValue<Float>] = [:]
    var tokens: [IntegerInput] = []
    for port in graph.inputs {
      let shape = [count] + (port.dimensions ?? []).dropFirst().map { $0 ?? open }
      if port.type?.isFloat == false {
        tokens.append(tape.integerInput(.tensor(shape)))
        inputs[port.name] = tokens.last.map { .integers($0) }
      } else {
        inputs[port.name] = .variable(tape.input(.tensor(shape)))
      }
    }
    let found = try graph.record(inputs, parameter: { parameters[$0] }, on: tape)
    self.count = count
    vocabulary = tokens.compactMap(\.bound).min()
    outputs = found.map { value in
      if case .variable(let variable) = value { variable.shape.dimensions } else { nil }
    }
    operations = Dictionary(
      uniqueKeysWithValues: TapePass.allCases.map { ($0, tape.productOperations(of: $0)) })
  }

  /// Operations for an example's loss alone.
  public var valueOperations: Double { share([.value]) }

  /// Operations for an example's gradient.
  public var gradientOperations: Double { share([.value, .pullback]) }

  /// Operations that a tangent of it takes besides.
  public var tangentOperations: Double { share([.tangent, .pullbackTangent]) }

  private func share(_ passes: [TapePass]) -> Double {
    passes.reduce(0) { $0 + Double(operations[$1] ?? 0) } / Double(count)
  }
}
