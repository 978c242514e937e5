import Learning
import Networks

extension Configuration {
  /// How training examples are weighted, for the tasks `reweighting` and `class-weights`.
  package struct Reweighting: Equatable, Sendable {
    /// Units of the weight network's hidden layer.
    package var hidden = 128
    /// Whether the inner gradient flows through the weights too.
    package var input = WeightedLoss.Input.attached
    /// What the weighted losses are divided by.
    package var reduction = WeightedLoss.Reduction.mean
    /// A safetensors file with the weight network; nil draws it with the seed.
    package var initial: String?

    /// The defaults.
    package init() {}
  }

  /// The loss of the training, where it is not the plain mean.
  package func weightedLoss(classCount: Int) -> WeightedLoss? {
    switch task {
    case .optimizer: nil
    case .reweighting:
      WeightedLoss(
        WeightNetwork(hidden: reweighting.hidden), input: reweighting.input,
        reduction: reweighting.reduction)
    case .classWeights:
      WeightedLoss(
        ClassWeights(classCount: classCount), input: .detached, reduction: reweighting.reduction)
    }
  }

}

extension WeightedLoss.Input: SettingValue {}
extension WeightedLoss.Reduction: SettingValue {}

extension Configuration.Reweighting {
  package static let settings = [
    Setting(
      "reweighting.hidden", \.reweighting.hidden, legal: .from(1, to: 1_000_000), source: .paper,
      "Hidden units of the weight network 1 -> hidden -> 1; 3 hidden + 1 hyperparameters."),
    Setting(
      "reweighting.input", \.reweighting.input, source: .ours,
      "attached: the inner gradient flows through the weights too; detached: it does not."),
    Setting(
      "reweighting.reduction", \.reweighting.reduction, source: .ours,
      "mean: over the examples; normalised: by the sum of their weights."),
    Setting(
      "reweighting.initial", \.reweighting.initial,
      "A safetensors file with the weight network (weightnet.fc1.weight, …); null: drawn with the "
        + "seed."),
  ]
}
