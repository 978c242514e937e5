import Datasets
import Learning
import Networks

extension Configuration {
  /// How training examples are weighted, for the task `reweighting`.
  package struct Reweighting: Equatable, Sendable {
    /// What gives an example its weight.
    package var function = WeightFunction.network
    /// Units of the weight network's hidden layer.
    package var hidden = 128
    /// The knots of a spline; nil for the usual ones.
    package var knots: LossKnots?
    /// Where the weights of classes start.
    package var classes = ClassRule.equal
    /// How single examples get their weights.
    package var examples = ExampleWeights.Form.sigmoid
    /// Where γ of the focal loss starts.
    package var gamma = 2.0
    /// How many functions of the loss have columns in function space.
    package var columns = 16
    /// How many of the examples with the smallest weights are listed at the end.
    package var listed = 100
    /// Whether the inner gradient flows through the weights too; nil for what suits the function.
    package var input: WeightedLoss.Input?
    /// What the weighted losses are divided by.
    package var reduction = WeightedLoss.Reduction.mean
    /// A safetensors file with the weight function; nil for its usual start.
    package var initial: String?

    /// The defaults.
    package init() {}
  }

  /// The loss of the training, where it is not the plain mean.
  ///
  /// - Parameter classSizes: how many training examples every class has.
  package func weightedLoss(classSizes: [Int]) -> WeightedLoss? {
    guard task == .reweighting else { return nil }
    let weighting = reweighting.function.weighting(
      WeightFunctionNumbers(
        hidden: reweighting.hidden, knots: reweighting.knots, classSizes: classSizes,
        classRule: reweighting.classes, exampleCount: classSizes.reduce(0, +),
        exampleForm: reweighting.examples, gamma: reweighting.gamma))
    // Where θ does not move the weights, nothing flows through them.
    return WeightedLoss(
      weighting, input: weighting.goesByLosses ? weightInput : .detached,
      reduction: reweighting.reduction,
      basis: usesFunctionSpace(weighting)
        ? .columns(reweighting.columns, classCount: classSizes.count) : nil)
  }

  /// Attached, a spline's slopes enter the inner gradient, and its kinks drive neighbouring knots apart.
  private var weightInput: WeightedLoss.Input {
    if let input = reweighting.input { return input }
    return switch reweighting.function {
    case .network, .focal: .attached
    default: .detached
    }
  }

  private func usesFunctionSpace(_ weighting: any ExampleWeighting) -> Bool {
    guard weighting.isFunctionOfLoss, mode != .reverse, method.rule.goesByWindows else {
      return false
    }
    switch columns {
    case .exact: return false
    case .functionSpace: return true
    case .auto: return weighting.hyperparameterCount > reweighting.columns
    }
  }

  /// How many classes there will be, as far as it can be known without the files.
  package var expectedClassCount: Int {
    if let set = data.set.known { return set.classCount }
    if data.set == .text { return 256 }
    if case .given(let count) = data.classes { return count }
    return DatasetName.glyphs.classCount
  }

  /// How many training examples every class will have, as far as it can be known without the files.
  package var expectedClassSizes: [Int] {
    // Of the user's own files nothing is known before they are read.
    let set = data.set.known ?? .glyphs
    let classes = expectedClassCount
    let left = max(classes, set.trainingCount - data.validation)
    let count = min(left, data.trainLimit ?? left)
    return LongTail(imbalance: data.imbalance).keptCounts(
      of: (0..<classes).map { (count + $0) / classes })
  }
}

extension WeightedLoss.Input: SettingValue {}
extension WeightedLoss.Reduction: SettingValue {}
extension WeightFunction: SettingValue {}
extension ExampleWeights.Form: SettingValue {}

extension ClassRule: SettingValue {
  static var kind: String {
    "equal, inverse-frequency, sqrt-inverse-frequency, or effective-number with or without a BETA "
      + "between 0 and 1"
  }
  static var choices: [String] {
    ["equal", "inverse-frequency", "sqrt-inverse-frequency", "effective-number"]
  }
  static func read(_ scalar: YAMLScalar) -> ClassRule? { scalar.text.flatMap { ClassRule($0) } }
  package var printed: String { description }
}

extension LossKnots: SettingValue {
  static var kind: String {
    "at least two rising losses from 0 on with spaces between, such as \"0 0.5 1 2 4\""
  }
  static func read(_ scalar: YAMLScalar) -> LossKnots? { scalar.text.flatMap { LossKnots($0) } }
  package var printed: String { places.map(\.printed).joined(separator: " ") }
}

extension Configuration.Reweighting {
  package static let settings = [
    Setting(
      "reweighting.function", \.reweighting.function, source: .ours,
      "network: a small network of the loss (paper); class: a weight for each class; spline: a "
        + "piecewise linear function of the loss; class-spline: both; example: a weight for each "
        + "training example; focal: the focal loss."),
    Setting(
      "reweighting.hidden", \.reweighting.hidden, legal: .from(1, to: 1_000_000), source: .paper,
      "Hidden units of the weight network 1 -> hidden -> 1; 3 hidden + 1 hyperparameters."),
    Setting(
      "reweighting.knots", \.reweighting.knots, legal: Legal.knots.orNull(), source: .ours,
      "The losses at which a spline has its knots; null: ten that scale with ln(classes)."),
    Setting(
      "reweighting.classes", \.reweighting.classes, source: .ours,
      "Where the weights of classes start: a fixed rule, which method none keeps."),
    Setting(
      "reweighting.examples", \.reweighting.examples, source: .ours,
      "Single examples' weights: sigmoid: between 0 and 1; exp: positive; simplex: of mean 1."),
    Setting(
      "reweighting.gamma", \.reweighting.gamma, legal: .range(.above(0, to: 100)), source: .ours,
      "Where the focal loss's exponent starts."),
    Setting(
      "reweighting.columns", \.reweighting.columns, legal: .from(2, to: 1000), unit: "columns",
      source: .ours,
      "How many functions of the loss have columns with columns: function-space; verify says how "
        + "near they come to exact ones."),
    Setting(
      "reweighting.listed", \.reweighting.listed, legal: .from(0, to: 1_000_000), unit: "examples",
      source: .ours, "With example: how many of those with the smallest weights are listed."),
    Setting(
      "reweighting.input", \.reweighting.input, legal: Legal.all.orNull(), source: .ours,
      "attached: the inner gradient flows through the weights too; detached: it does not; null: "
        + "attached for network (paper) and focal, detached for the others."),
    Setting(
      "reweighting.reduction", \.reweighting.reduction, source: .ours,
      "mean: over the examples; normalised: by the sum of their weights."),
    Setting(
      "reweighting.initial", \.reweighting.initial,
      "A safetensors file with the weight function, as a run writes it; null: drawn with the seed "
        + "(network), or the function's usual start."),
  ]
}

extension Legal where Value == LossKnots {
  static var knots: Legal {
    Legal(words: "\(LossKnots.kind), at most 1000 of them") { $0.count <= 1000 }
  }
}
