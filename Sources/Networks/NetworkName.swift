/// The built-in networks on rows, sequences and tokens, by name.
public enum NetworkName: Hashable, Sendable {
  /// `mlp-512-512`: hidden layers of these widths; with `-ln` behind them layers are normalised.
  case perceptron(widths: [Int], normalizes: Bool)
  /// `gru-128`: recurrent layers of these sizes.
  case recurrent(sizes: [Int])
  /// `transformer-LAYERS-WIDTH-HEADS`.
  case transformer(layers: Int, width: Int, heads: Int)

  /// What names look like.
  public static let forms =
    "mlp-WIDTH-… such as mlp-512-512 (mlp-512-512-ln with layer normalisation), gru-SIZE such as "
    + "gru-128, or transformer-LAYERS-WIDTH-HEADS such as transformer-4-128-4"

  /// Most numbers of a layer, and most layers: what is above is a slip of the pen.
  private static let most = (width: 65536, layers: 1024)

  /// The kinds that a name may begin with.
  public static let kinds = ["mlp", "gru", "transformer"]

  /// Reads a name.
  ///
  /// - Throws: a refusal that says what is wrong with it.
  public init(_ text: String) throws(NetworkRefusal) {
    var parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    let kind = parts.removeFirst()
    let normalizes = kind == "mlp" && parts.last == "ln"
    if normalizes { parts.removeLast() }
    guard Self.kinds.contains(kind) else { throw .unknown(text) }
    var numbers: [Int] = []
    for part in parts {
      guard let number = Int(part), number >= 1, number <= Self.most.width, part == "\(number)"
      else { throw .notANumber(text, part: part, most: Self.most.width) }
      numbers.append(number)
    }
    switch kind {
    case "transformer":
      guard numbers.count == 3 else {
        throw .numbers(text, expected: "three: LAYERS-WIDTH-HEADS", found: numbers.count)
      }
      guard numbers[0] <= Self.most.layers else {
        throw .layers(text, numbers[0], most: Self.most.layers)
      }
      guard numbers[1].isMultiple(of: numbers[2]) else {
        throw .indivisible(text, width: numbers[1], heads: numbers[2])
      }
      self = .transformer(layers: numbers[0], width: numbers[1], heads: numbers[2])
    default:
      guard !numbers.isEmpty else {
        throw .numbers(text, expected: "one or more: the widths of the layers", found: 0)
      }
      guard numbers.count <= Self.most.layers else {
        throw .layers(text, numbers.count, most: Self.most.layers)
      }
      self =
        kind == "gru"
        ? .recurrent(sizes: numbers) : .perceptron(widths: numbers, normalizes: normalizes)
    }
  }

  /// The network for some data.
  ///
  /// - Parameter dropout: the rate of what hidden layers leave out while training.
  /// - Throws: a refusal that says what the network takes instead.
  public func network(
    input: NetworkInput, answer: NetworkAnswer, dropout: Double = 0
  ) throws(NetworkRefusal) -> any TensorNetwork {
    guard input.isSomething else { throw .nothing("\(self)", of: "numbers or tokens to take") }
    guard answer.count > 0 else { throw .nothing("\(self)", of: "classes or numbers to answer") }
    switch self {
    case .perceptron(let widths, let normalizes):
      return try Perceptron(
        widths: widths, normalizes: normalizes, input: input, answer: answer, dropout: dropout)
    case .recurrent(let sizes):
      return try RecurrentNetwork(sizes: sizes, input: input, answer: answer, dropout: dropout)
    case .transformer(let layers, let width, let heads):
      return try Transformer(
        layers: layers, width: width, heads: heads, input: input, answer: answer,
        dropout: dropout)
    }
  }
}

extension NetworkName: CustomStringConvertible {
  /// The name.
  public var description: String {
    switch self {
    case .perceptron(let widths, let normalizes):
      (["mlp"] + widths.map(String.init) + (normalizes ? ["ln"] : [])).joined(separator: "-")
    case .recurrent(let sizes): (["gru"] + sizes.map(String.init)).joined(separator: "-")
    case .transformer(let layers, let width, let heads): "transformer-\(layers)-\(width)-\(heads)"
    }
  }
}

/// Why there is no network of a name, or none for some data.
public enum NetworkRefusal: Error, Equatable {
  /// No kind of network is called that.
  case unknown(String)
  /// A part of the name that should be a number is none, or out of range.
  case notANumber(String, part: String, most: Int)
  /// The name has more or fewer numbers than its kind.
  case numbers(String, expected: String, found: Int)
  /// More layers than there may be.
  case layers(String, Int, most: Int)
  /// The heads do not divide the width.
  case indivisible(String, width: Int, heads: Int)
  /// The network takes something else.
  case input(String, takes: String, found: NetworkInput)
  /// An input or an answer consists of nothing.
  case nothing(String, of: String)
  /// The network answers something else.
  case answer(String, answers: String, found: NetworkAnswer)
}

extension NetworkRefusal: CustomStringConvertible {
  /// One sentence, with what would be right.
  public var description: String {
    switch self {
    case .unknown(let name): "\(name): no network is called that; there are \(NetworkName.forms)"
    case .notANumber(let name, let part, let most):
      "\(name): “\(part)” is no whole number from 1 to \(most); names are \(NetworkName.forms)"
    case .numbers(let name, let expected, let found):
      "\(name): the name has \(found) numbers, and needs \(expected)"
    case .layers(let name, let found, let most):
      "\(name): \(found) layers, and at most \(most) are possible"
    case .indivisible(let name, let width, let heads):
      "\(name): \(width) is not divisible by \(heads) heads; the width must be a multiple of them"
    case .nothing(let name, let what): "\(name): there is no network without \(what)"
    case .input(let name, let takes, let found): "\(name): it takes \(takes), not \(found)"
    case .answer(let name, let answers, let found):
      "\(name): it answers \(answers), and the targets are \(found.words)"
    }
  }
}

extension NetworkAnswer {
  /// In words, as targets.
  fileprivate var words: String {
    switch self {
    case .classes(let count): "classes, \(count) of them"
    case .classesOfPositions(let count): "classes of every position, \(count) of them"
    case .numbers(let shape): "numbers \(shape)"
    }
  }
}
