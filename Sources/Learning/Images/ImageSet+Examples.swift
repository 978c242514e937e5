import Datasets
import Tensors

extension ImageSet: LabelledExamples {
  /// An image and its label.
  public var fields: [ExampleField] {
    Classifier.fields(channels: channels, height: height, width: width)
  }

  /// Normalises images into the shard's variables, as they are.
  public func load<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, step: Int?, into fields: FieldVariables<Number>
  ) {
    load(indices, augmentation: nil, into: fields)
  }

  func load<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, augmentation: AugmentationStep?,
    into fields: FieldVariables<Number>
  ) {
    copyImages(
      indices, into: fields.numbers(Classifier.image).value, augmentation: augmentation)
    copyLabels(indices, into: fields.integers(Classifier.label).pointer)
  }
}

/// Images that are changed at random wherever they are trained on.
struct AugmentedImages: LabelledExamples {
  let images: ImageSet
  let augmentation: Augmentation

  var count: Int { images.count }
  var fields: [ExampleField] { images.fields }
  var classCount: Int { images.classCount }

  func load<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, step: Int?, into fields: FieldVariables<Number>
  ) {
    images.load(indices, augmentation: step.flatMap { augmentation[step: $0] }, into: fields)
  }

  func copyLabels(
    _ indices: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Int32>
  ) {
    images.copyLabels(indices, into: destination)
  }
}

/// The three parts of a set of images.
public struct SplitImages: Sendable {
  /// What is trained on.
  public let training: ImageSet
  /// What hypergradients come from.
  public let validation: ImageSet
  /// What only reports see.
  public let test: ImageSet
  /// How training images are changed at random; the others never are.
  public let augmentation: Augmentation

  /// Three parts of one kind of images.
  public init(
    training: ImageSet, validation: ImageSet, test: ImageSet, augmentation: Augmentation = .none
  ) {
    self.augmentation = augmentation
    self.training = training
    self.validation = validation
    self.test = test
  }

  /// The same as examples.
  public var examples: SplitExamples {
    SplitExamples(
      training: AugmentedImages(images: training, augmentation: augmentation),
      validation: validation, test: test)
  }
}
