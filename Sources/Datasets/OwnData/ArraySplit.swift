/// A user's own data divided into what is trained on, validated on and tested on, and normalised.
public struct ArraySplit: Sendable {
  /// What is trained on.
  public let training: ArraySet
  /// What hypergradients come from.
  public let validation: ArraySet
  /// What only reports see.
  public let test: ArraySet

  /// Parts that were divided, normalised alike.
  ///
  /// - Throws: `DatasetError` when a normalisation does not fit, or a number is not finite.
  public init(
    training: ArraySet, validation: ArraySet, test: ArraySet,
    normalising: ArraySource.Normalising
  ) throws(DatasetError) {
    let normalisation = try Self.normalisation(of: training, normalising)
    self.training = training.normalised(by: normalisation)
    self.validation = validation.normalised(by: normalisation)
    self.test = test.normalised(by: normalisation)
  }

  private static func normalisation(
    of training: ArraySet, _ normalising: ArraySource.Normalising
  ) throws(DatasetError) -> Normalisation? {
    let count = training.entries.count
    switch normalising {
    case .none: return nil
    case .standard:
      // Tokens are names, not sizes.
      return count == 0 ? nil : try training.statistics()
    case .given(let given):
      if case .tokens = training.inputs {
        throw DatasetError(
          training.inputArray.name, "holds tokens, which cannot be normalised",
          remedy: "Leave the normalisation out.")
      }
      guard given.channels == 1 || given.channels == count else {
        throw DatasetError(
          training.inputArray.name,
          "has \(count) \(training.isImages ? "channels" : "columns"), and the normalisation "
            + "\(given.channels) means",
          remedy: "Give one mean for all, or one for each.")
      }
      return given.channels == count
        ? given
        : Normalisation(
          mean: Array(repeating: given.mean[0], count: count),
          deviation: Array(repeating: given.deviation[0], count: count))
    }
  }
}

extension ArraySet {
  /// Whether the inputs are bytes that become numbers, and so are divided by 255.
  public var dividesBytes: Bool {
    if case .tokens = inputs { false } else { inputArray.type == .uint8 }
  }

  /// Whether its inputs are images.
  public var isImages: Bool { if case .image = inputs { true } else { false } }
}
