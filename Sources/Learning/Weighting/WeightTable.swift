/// What the weights of training examples look like, for reports.
public struct WeightTable: Equatable, Sendable {
  /// The weight of every class, or the factor that it contributes; nil where classes play no part.
  public var classes: [Double]?
  /// The weight at some losses, or the factor that the loss contributes; nil where it plays no part.
  public var losses: [(loss: Double, weight: Double)]?
  /// The smallest, the mean and the largest weight of single examples; nil where none has its own.
  public var examples: (least: Double, mean: Double, greatest: Double)?

  /// A table.
  public init(
    classes: [Double]? = nil, losses: [(loss: Double, weight: Double)]? = nil,
    examples: (least: Double, mean: Double, greatest: Double)? = nil
  ) {
    (self.classes, self.losses, self.examples) = (classes, losses, examples)
  }

  /// The losses at which weights are tabled: 0 to 10 in quarters.
  static let tabled = (0...40).map { Double($0) / 4 }

  /// A table of a function of the loss.
  static func byLoss(_ weight: (Double) -> Double) -> WeightTable {
    WeightTable(losses: tabled.map { (loss: $0, weight: weight($0)) })
  }

  /// Whether all numbers are the same.
  public static func == (left: WeightTable, right: WeightTable) -> Bool {
    left.classes == right.classes && left.losses?.map(\.loss) == right.losses?.map(\.loss)
      && left.losses?.map(\.weight) == right.losses?.map(\.weight)
      && left.examples.map { [$0.least, $0.mean, $0.greatest] }
        == right.examples.map { [$0.least, $0.mean, $0.greatest] }
  }
}
