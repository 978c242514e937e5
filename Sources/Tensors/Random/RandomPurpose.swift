/// What random numbers are drawn for: each purpose is a stream of its own.
///
/// Two purposes never share a number, whatever the seed and the step. The raw values are part of
/// what a seed means: never change one, only add.
public enum RandomPurpose: UInt32, CaseIterable, Sendable {
  /// Initial parameters of networks. Step: the number of the parameter tensor.
  case parameters = 1
  /// The order of the training images. Step: the epoch.
  case shuffle = 2
  /// Which images are held out for validation. Step: 0.
  case split = 3
  /// Rendered glyphs. Step: the number of the image.
  case glyphs = 4
  /// Augmentation of training images. Step: the inner step; block: the image.
  case augmentation = 5
  /// Which training images a long tail keeps. Step: 0.
  case longTail = 6
  /// Initial hyperparameters of a weight network. Step: 0.
  case weightNetwork = 7
  /// Where the trials of a search start. Step: the number of the hyperparameter; block: the trial.
  case trials = 8
  /// Which training labels are made wrong. Step: 0; step 1: which labels they get.
  case labelNoise = 9
  /// The columns of a Hessian that Nyström's method looks at. Step: the inner step.
  case hessianColumns = 10
  /// Who of a population takes over whom, and which way its hyperparameters move. Step: the window
  /// times 2¹⁶ and the number of the trial.
  case population = 11
  /// Tests and benchmarks.
  case testing = 255
}
