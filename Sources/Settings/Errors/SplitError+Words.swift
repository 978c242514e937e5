import Datasets

extension SplitError: WordedError {
  package var sentence: String {
    switch self {
    case .tooFewImages(let set, let available):
      "\(set) has \(available) training image(s), but one is needed to train on and one to validate "
        + "on (data.validation). Check the files of the set."
    case .nothingToTrainOn(let validation, let set, let available):
      "data.validation is \(validation), but \(set) has \(available) training images, and some must "
        + "be left to train on. Choose data.validation below \(available)."
    case .limitAboveImages(let limit, let validation, let set, let available):
      "data.train-limit is \(limit), but only \(available - validation) of the \(available) training "
        + "images of \(set) are left after \(validation) for validation. Choose at most "
        + "\(available - validation), or null for all."
    case .unevenShares(let validation, let classes, let set):
      "data.validation is \(validation), but with data.split: balanced every one of the \(classes) "
        + "classes of \(set) gives the same number. Choose "
        + "\(Self.multiples(of: classes, around: validation))."
    case .classTooSmall(let validation, let share, let label, let set, let available):
      "data.validation is \(validation), \(share) images of each class with data.split: balanced, "
        + "but class \(label) of \(set) has \(available), and some must be left to train on. "
        + (share > 1 ? "Choose a smaller data.validation." : "Choose another data.split.")
    case .classWithoutImages(let imbalance, let label, let set, let available):
      "data.imbalance is \(imbalance), but class \(label) of \(set) has \(available) training images, "
        + "of which none would be left. Choose a smaller data.imbalance, or leave more images to "
        + "train on (data.train-limit, data.validation)."
    case .minibatchAboveImages(let batch, let available):
      "inner.batch is \(batch), but there are \(available) training images. Choose a minibatch of at "
        + "most \(available)."
    case .noClasses(let what, let set):
      "\(Self.key(of: what)) needs classes, but the targets of \(set) are no classes. Leave it out, or "
        + "name targets that are whole numbers."
    }
  }

  private static func key(of what: ByClass) -> String {
    switch what {
    case .balancedSplit: "data.split: balanced"
    case .longTail: "data.imbalance"
    case .labelNoise: "data.label-noise"
    }
  }

  /// The nearest ones that are not 0.
  private static func multiples(of classes: Int, around count: Int) -> String {
    let below = count - count % classes
    return below > 0 ? "\(below) or \(below + classes)" : "\(classes)"
  }
}
