/// The purpose of random numbers: each has its own stream.
///
/// Two purposes never share random numbers, whatever the seed and the step. The raw values are part
/// of the meaning of a seed: never change one, only add new ones.
public enum RandomPurpose: UInt32, CaseIterable, Sendable {
  /// Initial parameters of networks. Step: the index of the parameter tensor.
  case parameters = 1
  /// The order of the training images. Step: the epoch.
  case shuffle = 2
  /// Which images are held out for validation. Step: 0.
  case split = 3
  /// Rendered glyphs. Step: the index of the image.
  case glyphs = 4
  /// Augmentation of training images. Step: the inner step; block: the image.
  case augmentation = 5
  /// Which training images a long tail keeps. Step: 0.
  case longTail = 6
  /// Initial hyperparameters of a weight network. Step: 0.
  case weightNetwork = 7
  /// The starting points of a search's trials. Step: the index of the hyperparameter; block: the
  /// trial.
  case trials = 8
  /// Which training labels are corrupted. Step: 0; step 1: which labels they get.
  case labelNoise = 9
  /// The columns of a Hessian drawn by Nyström's method. Step: the inner step.
  case hessianColumns = 10
  /// What dropout leaves out. Counted in another way than the others: see ``DropoutStream``.
  case dropout = 11
  /// Exploitation and exploration in a population of trials. Step: the window times 2¹⁶ plus the number of
  /// the trial.
  case population = 12
  /// Tests and benchmarks.
  case testing = 255
}
