import Datasets
import MessagePassing
import Tensors

/// Rows of arrays as examples: the fields `inputs` and `targets`, or `image` and `label` where a
/// classifier of images takes them.
struct ArrayExamples {
  /// The field of the inputs.
  static let inputs = "inputs"
  /// The field of the targets.
  static let targets = "targets"

  let set: ArraySet
  let augmentation: Augmentation

  var fields: [ExampleField] {
    if case .image(let channels, let height, let width) = set.inputs, set.classes != nil {
      return Classifier.fields(channels: channels, height: height, width: width)
    }
    return [ExampleField(Self.inputs, inputKind), ExampleField(Self.targets, targetKind)]
  }

  private var inputKind: ExampleField.Kind {
    switch set.inputs {
    case .image(let channels, let height, let width):
      .image(channels: channels, height: height, width: width)
    case .numbers(let shape): .numbers(shape)
    case .tokens(let shape, _): .integers(shape)
    }
  }

  private var targetKind: ExampleField.Kind {
    switch set.targets {
    case .classes: .integers([])
    case .tokens(let shape, _): .integers(shape)
    case .numbers(let shape): .numbers(shape)
    }
  }

  func load<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, step: Int?, into fields: FieldVariables<Number>
  ) {
    let isClassified = set.isImages && set.classes != nil
    let input = isClassified ? Classifier.image : Self.inputs
    let target = isClassified ? Classifier.label : Self.targets
    do throws(DatasetError) {
      if case .tokens = set.inputs {
        try set.copyTokens(indices, into: fields.integers(input).pointer)
      } else {
        try set.copyInputs(
          indices, into: fields.numbers(input).value,
          augmentation: step.flatMap { augmentation[step: $0] })
      }
      if case .numbers = set.targets {
        try set.copyTargets(indices, into: fields.numbers(target).value)
      } else {
        try set.copyTargets(indices, into: fields.integers(target).pointer)
      }
    } catch {
      // In the middle of a sum that other ranks take part in: nobody could go on.
      endRunningJob(code: ExitCode.usage, message: "\(error)")
    }
  }
}

/// Arrays whose targets are no classes.
struct PlainArrays: DataPart {
  let rows: ArrayExamples

  func load<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, step: Int?, into fields: FieldVariables<Number>
  ) {
    rows.load(indices, step: step, into: fields)
  }
}

/// Arrays whose targets are classes.
struct LabelledArrays: DataPart, LabelledExamples {
  let rows: ArrayExamples

  var classCount: Int { rows.set.classes ?? 0 }

  func load<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, step: Int?, into fields: FieldVariables<Number>
  ) {
    rows.load(indices, step: step, into: fields)
  }

  func copyLabels(
    _ indices: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Int32>
  ) {
    rows.set.copyLabels(indices, into: destination)
  }
}

/// What both have of their set.
protocol ArrayPart: DataPart {
  /// The rows.
  var rows: ArrayExamples { get }
}

extension PlainArrays: ArrayPart {}
extension LabelledArrays: ArrayPart {}

extension ArrayPart {
  var count: Int { rows.set.count }
  var fields: [ExampleField] { rows.fields }
  var name: String { rows.set.name }
  var noun: String { rows.set.isImages ? "image" : "example" }
  var classes: Int? { rows.set.classes }
  var classHistogram: [Int] { rows.set.classHistogram }
  var inputNormalisation: Normalisation? { rows.set.normalisation }
  var dividesBytes: Bool { rows.set.dividesBytes }
  func position(at index: Int) -> Int { rows.set.position(at: index) }
  func label(at index: Int) -> Int { rows.set.label(at: index) }
  func trueLabel(at index: Int) -> Int { rows.set.trueLabel(at: index) }
  func addContent(_ add: (UnsafeRawBufferPointer) -> Void) throws(DatasetError) {
    try rows.set.addContent(add)
  }
}

extension ArraySet {
  /// The set as a part of a data set.
  public func part(augmentation: Augmentation = .none) -> any DataPart {
    let rows = ArrayExamples(set: self, augmentation: augmentation)
    return classes == nil ? PlainArrays(rows: rows) : LabelledArrays(rows: rows)
  }
}
