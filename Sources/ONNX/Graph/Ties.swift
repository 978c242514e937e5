/// One matrix that an exporter has stored twice.
public struct Tie: Equatable, Sendable {
  /// The tensor that is the parameter.
  public let kept: String
  /// The tensor that is computed from it.
  public let other: String
  /// Whether the other one is the transpose.
  public let isTransposed: Bool
}

/// Finds parameters that are one in the model but two in the file.
///
/// PyTorch's exporters compute the transpose of a matrix beforehand where it is multiplied from the
/// right, and so store a matrix twice that has another use: the token embedding that is the output matrix
/// as well. Two tensors are tied if they have the same values bit for bit, as they are or transposed, and
///
/// - one has a name such as exporters give to what they computed (``TensorName/mayBeComputed``), and the
///   other one, and only this, the name of a parameter; or
/// - both have computed names, and one is the transpose of the other.
///
/// The rest of the equal pairs are equal because they were initialised alike: layers that are copies of one
/// layer (PyTorch's `TransformerEncoder` makes such), whose weights are used alike and are transposed alike.
/// They are not tied but reported as ``lookalikes``. Nor are tensors compared at all that have few
/// different values, such as ones, zeros, identities and a forget gate's bias.
struct Ties {
  /// What is tied.
  private(set) var ties: [Tie] = []
  /// Tensors with the same values which the file does not show to be one.
  private(set) var lookalikes: [Tie] = []

  fileprivate struct Candidate {
    let name: String
    let tensor: HostTensor
    let values: [Double]
  }

  /// Of some parameters, in the order of first use.
  init(_ names: [String], _ graph: Graph) {
    var groups: [Fingerprint: [Candidate]] = [:]
    var order: [Fingerprint] = []
    for name in names {
      guard let tensor = graph.initializers[name], case .floats(let values) = tensor.elements,
        Self.hasManyValues(values)
      else { continue }
      let print = Fingerprint(tensor, values)
      if groups[print] == nil { order.append(print) }
      groups[print, default: []].append(Candidate(name: name, tensor: tensor, values: values))
    }
    for print in order { tie(groups[print] ?? []) }
  }

  private mutating func tie(_ group: [Candidate]) {
    guard group.count > 1 else { return }
    var own = EqualTensors()
    for candidate in group where !TensorName(candidate.name).mayBeComputed {
      if let first = own.partners(of: candidate).first { lookalikes.append(first) }
      own.add(candidate)
    }
    var computed = EqualTensors()
    for candidate in group where TensorName(candidate.name).mayBeComputed {
      let withOwn = own.partners(of: candidate)
      if withOwn.count == 1 {
        // It has gone; its partner stands for it.
        ties += withOwn
        continue
      }
      let withComputed = computed.partners(of: candidate)
      let transposed = withComputed.filter(\.isTransposed)
      if withOwn.isEmpty, transposed.count == 1 {
        ties += transposed
        continue
      }
      if let first = (withOwn + withComputed).first { lookalikes.append(first) }
      computed.add(candidate)
    }
  }

  /// Tensors by their values as they are, and by those of the transpose.
  ///
  /// Thousands of tensors may be alike, or have the same values in another order.
  private struct EqualTensors {
    private var asTheyAre: [Int: [(place: Int, candidate: Candidate)]] = [:]
    private var transposed: [Int: [(place: Int, candidate: Candidate)]] = [:]
    private var count = 0

    /// Adds a tensor behind the others.
    mutating func add(_ candidate: Candidate) {
      // Whether there is one or are more decides, and which is the first.
      func put(_ hash: Int, in table: inout [Int: [(place: Int, candidate: Candidate)]]) {
        if table[hash, default: []].count < 2 {
          table[hash, default: []].append((count, candidate))
        }
      }
      put(Self.hash(candidate, isTransposed: false), in: &asTheyAre)
      if candidate.tensor.dimensions.count == 2 {
        put(Self.hash(candidate, isTransposed: true), in: &transposed)
      }
      count += 1
    }

    /// How a tensor follows from those that were added: from the first and, if there is one, another one
    /// as it is, and from the first and another one by transposition.
    func partners(of other: Candidate) -> [Tie] {
      let hash = Ties.EqualTensors.hash(other, isTransposed: false)
      let places = (asTheyAre[hash] ?? []) + (transposed[hash] ?? [])
      var seen: Set<Int> = []
      return places.sorted { $0.place < $1.place }.filter { seen.insert($0.place).inserted }
        .compactMap { Ties.tie($0.candidate, other) }
    }

    private static func hash(_ candidate: Candidate, isTransposed: Bool) -> Int {
      let (dimensions, values) = (candidate.tensor.dimensions, candidate.values)
      var hasher = Hasher()
      guard isTransposed else {
        hasher.combine(dimensions)
        for value in values { hasher.combine(value.bitPattern) }
        return hasher.finalize()
      }
      hasher.combine(Array(dimensions.reversed()))
      for column in 0..<dimensions[1] {
        for row in 0..<dimensions[0] {
          hasher.combine(values[row * dimensions[1] + column].bitPattern)
        }
      }
      return hasher.finalize()
    }
  }

  /// How one tensor follows from the other; nil if it does not.
  fileprivate static func tie(_ kept: Candidate, _ other: Candidate) -> Tie? {
    guard kept.tensor.type == other.tensor.type else { return nil }
    if kept.tensor.dimensions == other.tensor.dimensions,
      zip(kept.values, other.values).allSatisfy({ $0.bitPattern == $1.bitPattern })
    {
      return Tie(kept: kept.name, other: other.name, isTransposed: false)
    }
    let dimensions = kept.tensor.dimensions
    guard dimensions.count == 2, other.tensor.dimensions == dimensions.reversed() else {
      return nil
    }
    let (rows, columns) = (dimensions[0], dimensions[1])
    for row in 0..<rows {
      for column in 0..<columns
      where kept.values[row * columns + column].bitPattern
        != other.values[column * rows + row].bitPattern
      {
        return nil
      }
    }
    return Tie(kept: kept.name, other: other.name, isTransposed: true)
  }

  /// Whether there are more different values than a pattern has that is made on purpose.
  private static func hasManyValues(_ values: [Double]) -> Bool {
    guard values.count > 1 else { return false }
    let needed = min(16, max(2, values.count / 2))
    var seen: Set<UInt64> = []
    for value in values {
      seen.insert(value.bitPattern)
      if seen.count >= needed { return true }
    }
    return false
  }

  /// The same for tensors that are equal up to transposition.
  private struct Fingerprint: Hashable {
    let type: ElementType
    let dimensions: [Int]
    let sum: UInt64

    init(_ tensor: HostTensor, _ values: [Double]) {
      type = tensor.type
      dimensions = tensor.dimensions.sorted()
      sum = values.reduce(0) { sum, value in
        // Mixed, so that the sum is not that of the numbers.
        let bits = value.bitPattern
        return sum &+ (bits ^ (bits >> 29)) &* 0x9e37_79b9_7f4a_7c15
      }
    }
  }
}

extension Graph {
  /// Puts nodes in the place of tensors that are computed from other ones.
  mutating func replace(_ ties: [Tie]) {
    for tie in ties { initializers[tie.other] = nil }
    nodes =
      ties.map { tie in
        Node(
          index: 0, name: "tie of \(tie.other)", type: tie.isTransposed ? "Transpose" : "Identity",
          inputs: [tie.kept], outputs: [tie.other],
          attributes: tie.isTransposed ? ["perm": .integers([1, 0])] : [:])
      } + nodes
  }
}
