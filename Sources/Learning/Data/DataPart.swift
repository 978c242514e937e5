import Datasets
import Tensors

/// A part of a data set as reports, checks and models see it, whatever it consists of.
public protocol DataPart: Examples {
  /// What reports call the set.
  var name: String { get }
  /// What a single one is called: an image, or an example.
  var noun: String { get }
  /// Labels are 0 ..< classes; nil where the targets are no classes.
  var classes: Int? { get }
  /// How many examples of every class there are; empty where the targets are no classes.
  var classHistogram: [Int] { get }
  /// How stored numbers become those that a model sees; nil: they are as they are, but for bytes, which
  /// are divided by 255.
  var inputNormalisation: Normalisation? { get }
  /// Whether the numbers of its file are bytes, which are divided by 255.
  var dividesBytes: Bool { get }
  /// Where an example stands in its file, from 0.
  func position(at index: Int) -> Int
  /// The label of an example.
  ///
  /// - Precondition: the targets are classes.
  func label(at index: Int) -> Int
  /// The label that the file gives an example, whatever it was changed to.
  ///
  /// - Precondition: the targets are classes.
  func trueLabel(at index: Int) -> Int
  /// Hands out bytes that tell the part from another one.
  ///
  /// - Throws: `DatasetError` when a file cannot be read.
  func addContent(_ add: (UnsafeRawBufferPointer) -> Void) throws(DatasetError)
}

/// The three parts of a data set.
public struct SplitData: Sendable {
  /// What is trained on.
  public let training: any DataPart
  /// What hypergradients come from.
  public let validation: any DataPart
  /// What only reports see.
  public let test: any DataPart

  /// Three parts of the same fields.
  public init(training: any DataPart, validation: any DataPart, test: any DataPart) {
    self.training = training
    self.validation = validation
    self.test = test
  }

  /// Images in three parts.
  public init(_ images: SplitImages) {
    self.init(
      training: AugmentedImages(images: images.training, augmentation: images.augmentation),
      validation: images.validation, test: images.test)
  }

  /// A user's own data in three parts.
  ///
  /// - Parameter augmentation: how training images are changed at random.
  public init(_ arrays: ArraySplit, augmentation: Augmentation = .none) {
    self.init(
      training: arrays.training.part(augmentation: augmentation),
      validation: arrays.validation.part(), test: arrays.test.part())
  }

  /// The same as examples.
  public var examples: SplitExamples {
    SplitExamples(training: training, validation: validation, test: test)
  }
}
