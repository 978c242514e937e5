import Tensors

/// One named tensor of a network within the flat parameter vector.
public struct ParameterTensor: Equatable, Sendable {
  /// How the numbers are arranged in the flat vector.
  public enum Arrangement: Equatable, Sendable {
    /// Row-major in `shape`, as PyTorch stores them.
    case rowMajor
    /// The blocks of `ConvolutionGeometry`, from `[out, in, kernel, kernel]`.
    case convolution
  }

  /// The name in PyTorch's `state_dict`.
  public let name: String
  /// The shape in PyTorch: convolutions `[out, in, kernel, kernel]`, linear layers `[out, in]`.
  public let shape: [Int]
  /// How the flat vector arranges the numbers.
  public let arrangement: Arrangement
  /// Position of the first number in the flat vector.
  public let offset: Int
  /// Where the numbers start.
  public let initial: Initial

  /// Where the numbers of a tensor start.
  public enum Initial: Equatable, Sendable {
    /// Uniform in ±1/√fanIn, for the inputs that each output sums over.
    case uniform(fanIn: Int)
    /// Uniform in ±bound.
    case uniformWithin(bound: Double)
    /// Normal around 0.
    case normal(deviation: Double)
    /// All alike.
    case constant(Double)
  }

  /// How many numbers.
  public var count: Int { shape.reduce(1, *) }

  /// The layer that a tensor of a name belongs to: `conv1` for `conv1.weight`, the name itself where
  /// it has one part.
  public static func layer(of name: String) -> String {
    let parts = name.split(separator: ".")
    return parts.count > 1 ? parts.dropLast().joined(separator: ".") : name
  }

  /// For every number in row-major order, its place relative to `offset`.
  var places: [Int] {
    guard arrangement == .convolution else { return Array(0..<count) }
    let (outputs, inputs, kernel) = (shape[0], shape[1], shape[2])
    let geometry = ConvolutionGeometry(
      batch: 1, inputChannels: inputs, outputChannels: outputs, height: kernel, width: kernel,
      kernel: kernel)
    var result: [Int] = []
    result.reserveCapacity(count)
    for o in 0..<outputs {
      for i in 0..<inputs {
        for y in 0..<kernel {
          for x in 0..<kernel {
            result.append(geometry.weightIndex(output: o, input: i, y: y, x: x))
          }
        }
      }
    }
    return result
  }
}

/// The tensors of a network and their places in the flat vector θ ∈ ℝᵖ that optimizers see.
public struct ParameterLayout: Equatable, Sendable {
  /// In the order of the network's `state_dict`.
  public private(set) var tensors: [ParameterTensor] = []
  /// p, the length of the flat vector.
  public private(set) var count = 0

  /// A layout without tensors.
  public init() {}

  /// Appends a tensor that starts at random; `fanIn` is the number of inputs each output sums over.
  public mutating func append(
    _ name: String, _ shape: [Int], arrangement: ParameterTensor.Arrangement = .rowMajor,
    fanIn: Int
  ) {
    append(name, shape, arrangement: arrangement, initial: .uniform(fanIn: fanIn))
  }

  /// Appends a tensor.
  public mutating func append(
    _ name: String, _ shape: [Int], arrangement: ParameterTensor.Arrangement = .rowMajor,
    initial: ParameterTensor.Initial
  ) {
    tensors.append(
      ParameterTensor(
        name: name, shape: shape, arrangement: arrangement, offset: count, initial: initial))
    count += shape.reduce(1, *)
  }

  /// The layers: tensors in a row whose names agree but for their last part, `conv1` for
  /// `conv1.weight` and `conv1.bias`; their ranges cover 0 ..< p.
  ///
  /// A tensor whose name has one part is a layer by itself.
  public var layers: [(name: String, range: Range<Int>)] {
    var result: [(name: String, range: Range<Int>)] = []
    for tensor in tensors {
      let name = ParameterTensor.layer(of: tensor.name)
      let end = tensor.offset + tensor.count
      if let last = result.indices.last, result[last].name == name {
        result[last].range = result[last].range.lowerBound..<end
      } else {
        result.append((name, tensor.offset..<end))
      }
    }
    return result
  }

  /// The tensor of a name.
  public subscript(name: String) -> ParameterTensor {
    guard let tensor = tensors.first(where: { $0.name == name }) else {
      preconditionFailure("the network has no parameter named \(name)")
    }
    return tensor
  }

  /// The numbers of a tensor in row-major order, from the flat vector.
  public func rowMajor<Number: Scalar>(
    _ tensor: ParameterTensor, from flat: UnsafeBufferPointer<Number>
  ) -> [Number] {
    precondition(flat.count == count, "a vector of \(flat.count) for \(count) parameters")
    return tensor.places.map { flat[tensor.offset + $0] }
  }

  /// Sets the numbers of a tensor in the flat vector from their row-major order.
  public func set<Number: Scalar>(
    _ tensor: ParameterTensor, to values: [Number], in flat: UnsafeMutableBufferPointer<Number>
  ) {
    precondition(
      values.count == tensor.count && flat.count == count,
      "\(values.count) numbers for \(tensor.name) \(tensor.shape)")
    for (value, place) in zip(values, tensor.places) { flat[tensor.offset + place] = value }
  }
}
