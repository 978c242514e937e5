/// Why a split or its minibatches cannot be made; `available` images of the training set are there.
public enum SplitError: Error, Equatable {
  /// One image is needed to train on and one to validate on.
  case tooFewImages(set: String, available: Int)
  /// So many validation images are not one, or leave nothing to train on.
  case nothingToTrainOn(validation: Int, set: String, available: Int)
  /// After the validation images, fewer are left than are to be trained on.
  case limitAboveImages(limit: Int, validation: Int, set: String, available: Int)
  /// So many validation images cannot be the same number of every class.
  case unevenShares(validation: Int, classes: Int, set: String)
  /// Of one class, of which so many are `available`, none would be left to train on.
  case classTooSmall(validation: Int, share: Int, label: Int, set: String, available: Int)
  /// The long tail would leave nothing of a class, of which so many are `available`.
  case classWithoutImages(imbalance: Double, label: Int, set: String, available: Int)
  /// A minibatch is empty, or larger than the training set.
  case minibatchAboveImages(batch: Int, available: Int)
  /// What goes by classes was asked for, and the targets are numbers or sequences.
  case noClasses(ByClass, set: String)

  /// What goes by classes.
  public enum ByClass: String, Sendable {
    /// The same number of every class for validation.
    case balancedSplit = "a balanced split"
    /// Fewer of every class than of the one before.
    case longTail = "a long tail"
    /// Labels of other classes.
    case labelNoise = "label noise"
  }
}

extension SplitError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .tooFewImages(let set, let available):
      "\(set) has \(available) training image(s), but one is needed to train on and one to validate "
        + "on."
    case .nothingToTrainOn(let validation, let set, let available):
      "\(validation) of the \(available) training images of \(set) cannot be held out for "
        + "validation: at least 1 and at most \(available - 1) can."
    case .limitAboveImages(let limit, let validation, let set, let available):
      "\(limit) images to train on are more than the \(available - validation) of the \(available) "
        + "training images of \(set) that are left after \(validation) for validation."
    case .unevenShares(let validation, let classes, let set):
      "\(validation) validation images cannot be the same number of each of the \(classes) classes "
        + "of \(set)."
    case .classTooSmall(_, let share, let label, let set, let available):
      "\(share) validation images of each class leave none to train on of class \(label) of \(set), "
        + "which has \(available)."
    case .classWithoutImages(let imbalance, let label, let set, let available):
      "an imbalance of \(imbalance) leaves none of the \(available) training images of class "
        + "\(label) of \(set)."
    case .minibatchAboveImages(let batch, let available):
      "a minibatch of \(batch) cannot be made of \(available) training images."
    case .noClasses(let what, let set):
      "\(what.rawValue) needs classes, and the targets of \(set) are none."
    }
  }
}
