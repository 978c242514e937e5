import Differentiation
import Tensors
import Testing

@testable import ONNX

/// Graphs that no exporter writes: every one is recorded or refused, and none traps.
@Suite("Hostile graphs") struct HostileGraphTests {
  /// Cases with attributes, shapes and constants replaced by others, thousands of them.
  @Test(arguments: OperatorReference.names)
  func mutatedGraphsNeverTrap(_ name: String) throws {
    let test = try #require(OperatorReference.cases[name])
    let graph = try test.graph
    var random = SplitMix(seed: UInt64(name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }))
    for _ in 0..<6 {
      var mutated = graph
      var inputs = test.inputs.mapValues { (shape: $0.shape, whole: $0.whole == true) }
      for _ in 0...random.next(2) { mutate(&mutated, &inputs, &random) }
      for isKnown in [false, true] { try record(mutated, inputs, isKnown) }
    }
  }

  private func record(
    _ graph: Graph, _ inputs: [String: (shape: [Int], whole: Bool)], _ isKnown: Bool
  ) throws {
    let tape = Tape<Double>()
    var values = graph.initializers.mapValues { GraphValue<Double>.constant($0) }
    var offset = 0
    for (name, input) in inputs.sorted(by: { $0.key < $1.key }) {
      let count = input.shape.reduce(1, *)
      if isKnown {
        let elements: HostTensor.Elements =
          input.whole
          ? .integers([Int64](repeating: 1, count: count))
          : .floats([Double](repeating: 0.5, count: count))
        values[name] = .constant(
          HostTensor(input.whole ? .int64 : .float64, input.shape, elements))
      } else if input.whole {
        values[name] = .integers(tape.integerInput(.tensor(input.shape)))
      } else {
        values[name] = .variable(tape.parameter(.tensor(input.shape), offset: offset))
        offset += count
      }
    }
    var recorder = GraphRecorder(graph, values: values, on: tape)
    do {
      let results = try recorder.record()
      var active: [Variable<Double>] = []
      for case .variable(let x) in results where x.isActive { active.append(x) }
      guard let output = active.first, output.count < 1 << 16 else { return }
      tape.seal(output: output, passes: .tangents)
      guard tape.arenaCount < 1 << 22 else { return }
      let numbers = [Double](repeating: 0.5, count: offset + 1)
      numbers.withUnsafeBufferPointer { theta in
        guard let start = theta.baseAddress else { return }
        tape.bind(parameters: start)
        tape.replay()
        var gradient = numbers
        tape.pullback(seed: [Double](repeating: 1, count: output.count), into: &gradient)
      }
    } catch {
      #expect(!error.problems.isEmpty)
      for problem in error.problems { #expect(!problem.text.isEmpty) }
    }
  }

  private static let absurd = [0, 1, -1, 2, 3, -2, 7, 100, 1 << 20, 1 << 40, .max, .min]

  private func mutate(
    _ graph: inout Graph, _ inputs: inout [String: (shape: [Int], whole: Bool)],
    _ random: inout SplitMix
  ) {
    let n = random.next(graph.nodes.count)
    switch random.next(6) {
    case 0:
      guard let key = random.pick(graph.nodes[n].attributes.keys.sorted()) else { return }
      graph.nodes[n].attributes[key] = other(graph.nodes[n].attributes[key], &random)
    case 1:
      guard let key = random.pick(graph.initializers.keys.sorted()),
        let tensor = graph.initializers[key]
      else { return }
      graph.initializers[key] = other(tensor, &random)
    case 2:
      guard let key = random.pick(inputs.keys.sorted()) else { return }
      let before = inputs[key]?.shape ?? []
      inputs[key]?.shape = shape(before, &random)
    case 3:
      guard !graph.nodes[n].inputs.isEmpty else { return }
      let i = random.next(graph.nodes[n].inputs.count)
      graph.nodes[n].inputs[i] =
        random.next(2) == 0 ? "" : random.pick(inputs.keys.sorted() + ["absent"]) ?? ""
    case 4:
      graph.opset = 7 + random.next(18)
    default:
      let names = [
        "axis", "axes", "group", "kernel_shape", "pads", "strides", "dilations", "keepdims",
        "epsilon", "num_outputs", "perm", "auto_pad", "mode", "blocksize", "to", "direction",
        "hidden_size", "transA", "alpha", "num_groups", "output_shape", "is_causal", "split",
      ]
      let values: [Attribute] = [
        .integer(random.pick(Self.absurd) ?? 0), .integers([random.pick(Self.absurd) ?? 0]),
        .integers((0..<4).map { _ in random.pick(Self.absurd) ?? 0 }), .float(.nan),
        .float(-1e30), .string("SAME_UPPER"), .string(""), .strings(["Tanh"]),
        .tensor(HostTensor(.int64, [], .integers([.max]))),
      ]
      graph.nodes[n].attributes[random.pick(names) ?? ""] = random.pick(values)
    }
  }

  private func shape(_ shape: [Int], _ random: inout SplitMix) -> [Int] {
    var shape = shape
    switch random.next(4) {
    case 0: shape.append(1 + random.next(3))
    case 1: if !shape.isEmpty { shape.removeLast() }
    case 2: shape = []
    default: if !shape.isEmpty { shape[random.next(shape.count)] = random.next(4) }
    }
    return shape
  }

  private func other(_ attribute: Attribute?, _ random: inout SplitMix) -> Attribute {
    switch attribute {
    case .integer, nil: .integer(random.pick(Self.absurd) ?? 0)
    case .integers(let numbers): .integers(others(numbers, &random))
    case .float: .float(random.pick([0, -1, .nan, .infinity, 1e300, -1e-300]) ?? 0)
    case .string: .string(random.pick(["", "CRD", "tanh", "SAME_LOWER", "cubic", "i,j,k->"]) ?? "")
    default: .integer(1)
    }
  }

  private func others(_ numbers: [Int], _ random: inout SplitMix) -> [Int] {
    guard !numbers.isEmpty, random.next(3) > 0 else {
      return (0..<random.next(6)).map { _ in random.pick(Self.absurd) ?? 0 }
    }
    var numbers = numbers
    numbers[random.next(numbers.count)] = random.pick(Self.absurd) ?? 0
    return numbers
  }

  private func other(_ tensor: HostTensor, _ random: inout SplitMix) -> HostTensor {
    let shape = random.next(2) == 0 ? tensor.dimensions : shape(tensor.dimensions, &random)
    let count = shape.reduce(1, *)
    switch random.next(3) {
    case 0:
      return HostTensor(.float32, shape, .floats([Double](repeating: 1.5, count: count)))
    default:
      let numbers = (0..<count).map { _ in Int64(random.pick(Self.absurd) ?? 0) }
      return HostTensor(.int64, shape, .integers(numbers))
    }
  }

  /// What a few bytes can ask for is refused before memory is taken for it.
  @Test func largeConstantsAreRefused() {
    let million = HostTensor(.int64, [2], .integers([1_000_000, 1_000_000]))
    let one = HostTensor(.float32, [1, 1], .floats([1]))
    let nodes: [(String, [HostTensor])] = [
      ("ConstantOfShape", [million]), ("Expand", [one, million]), ("Tile", [one, million]),
      (
        "Range",
        [
          HostTensor(.int64, [], .integers([0])), HostTensor(.int64, [], .integers([.max])),
          HostTensor(.int64, [], .integers([1])),
        ]
      ),
      ("Pad", [one, HostTensor(.int64, [4], .integers([0, 0, 1_000_000, 1_000_000]))]),
    ]
    for (type, inputs) in nodes {
      let names = inputs.indices.map { "x\($0)" }
      let graph = Graph(
        opset: 20, inputs: [], outputs: [GraphPort(name: "y", type: nil, dimensions: nil)],
        nodes: [
          Node(
            index: 0, name: "large", type: type, inputs: names, outputs: ["y"], attributes: [:])
        ],
        initializers: Dictionary(uniqueKeysWithValues: zip(names, inputs)))
      #expect(problems(of: graph, [:]).count == 1)
    }
  }

  private func problems(
    of graph: Graph, _ values: [String: GraphValue<Float>], on tape: Tape<Float> = Tape()
  ) -> [ModelProblem] {
    let known = graph.initializers.mapValues { GraphValue<Float>.constant($0) }
    var recorder = GraphRecorder(graph, values: values.merging(known) { $1 }, on: tape)
    do {
      _ = try recorder.record()
      return []
    } catch { return error.problems }
  }

  /// All problems of a graph at once, but not what follows from them.
  @Test func problemsAreCollected() throws {
    func node(_ i: Int, _ type: String, _ inputs: [String], _ output: String) -> Node {
      Node(
        index: i, name: "n\(i)", type: type, inputs: inputs, outputs: [output], attributes: [:])
    }
    let graph = Graph(
      opset: 20, inputs: [], outputs: [GraphPort(name: "e", type: nil, dimensions: nil)],
      nodes: [
        node(0, "Det", ["x"], "a"), node(1, "Relu", ["a"], "b"),
        node(2, "MatMul", ["x", "x"], "c"), node(3, "Add", ["b", "c"], "d"),
        node(4, "Sum", ["d", "x"], "e"),
      ], initializers: [:])
    let tape = Tape<Float>()
    let x = GraphValue.variable(tape.parameter(.tensor([2, 3]), offset: 0))
    let found = problems(of: graph, ["x": x], on: tape)
    try #require(found.map(\.node) == ["n0", "n2"])
    #expect(found[0].description.contains("operator Det (opset 20) is not supported"))
    #expect(
      found[1].description
        == "node n2 (MatMul): [2, 3] cannot be multiplied with [2, 3]")
  }
}

/// Random numbers that a seed decides.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(max(1, bound)))
  }

  mutating func pick<T>(_ items: [T]) -> T? {
    items.isEmpty ? nil : items[next(items.count)]
  }
}
