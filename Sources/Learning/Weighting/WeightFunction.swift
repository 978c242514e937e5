/// The functions that give training examples their weights, by name.
///
/// A new one is a file with its `ExampleWeighting` and a place in `allCases`.
public struct WeightFunction: RawRepresentable, CaseIterable, Hashable, Sendable {
  /// All of them, in the order in which they are listed.
  public static let allCases: [WeightFunction] = [
    .network, .classes, .spline, .classSpline, .example, .focal,
  ]

  /// A network that maps a loss to a weight (paper, section 4.2).
  public static let network = WeightFunction("network") { WeightNetwork(hidden: $0.hidden) }
  /// A weight for each class.
  public static let classes = WeightFunction("class") {
    ClassWeights(start: $0.classRule.logWeights(sizes: $0.classSizes))
  }
  /// A piecewise linear function of the loss.
  public static let spline = WeightFunction("spline") { LossSpline(knots: $0.knots) }
  /// A weight for each class times a function of the loss.
  public static let classSpline = WeightFunction("class-spline") {
    ClassSpline(start: $0.classRule.logWeights(sizes: $0.classSizes), knots: $0.knots)
  }
  /// A weight for each training example.
  public static let example = WeightFunction("example") {
    ExampleWeights(exampleCount: $0.exampleCount, form: $0.exampleForm)
  }
  /// The focal loss.
  public static let focal = WeightFunction("focal") { FocalWeights(gamma: $0.gamma) }

  /// What it is called.
  public let rawValue: String
  private let make: @Sendable (WeightFunctionNumbers) -> any ExampleWeighting

  private init(
    _ name: String, _ make: @escaping @Sendable (WeightFunctionNumbers) -> any ExampleWeighting
  ) {
    rawValue = name
    self.make = make
  }

  /// The function of that name, or nil.
  public init?(rawValue: String) {
    guard let function = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = function
  }

  /// The weighting with those of the numbers that it reads.
  public func weighting(_ numbers: WeightFunctionNumbers) -> any ExampleWeighting { make(numbers) }

  /// Whether the names are the same.
  public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

/// What all weight functions are made of.
public struct WeightFunctionNumbers: Equatable, Sendable {
  /// Hidden units of the network.
  public var hidden: Int
  /// The knots of splines.
  public var knots: LossKnots
  /// How many training examples every class has; empty where there are no classes.
  public var classSizes: [Int]
  /// Where the weights of classes start.
  public var classRule: ClassRule
  /// The number of training examples.
  public var exampleCount: Int
  /// How single examples get their weights.
  public var exampleForm: ExampleWeights.Form
  /// γ of the focal loss.
  public var gamma: Double

  /// Numbers; the usual knots for nil.
  public init(
    hidden: Int = 128, knots: LossKnots? = nil, classSizes: [Int] = [],
    classRule: ClassRule = .equal, exampleCount: Int = 1,
    exampleForm: ExampleWeights.Form = .sigmoid, gamma: Double = 2
  ) {
    self.hidden = hidden
    self.knots = knots ?? .usual(classCount: classSizes.count)
    self.classSizes = classSizes
    self.classRule = classRule
    self.exampleCount = exampleCount
    self.exampleForm = exampleForm
    self.gamma = gamma
  }
}
