import Datasets
import Tensors

extension AugmentedImages: DataPart {
  var name: String { images.name }
  var noun: String { images.noun }
  var classes: Int? { images.classes }
  var classHistogram: [Int] { images.classHistogram }
  var inputNormalisation: Normalisation? { images.normalisation }
  var dividesBytes: Bool { true }
  func position(at index: Int) -> Int { images.position(at: index) }
  func label(at index: Int) -> Int { images.label(at: index) }
  func trueLabel(at index: Int) -> Int { images.trueLabel(at: index) }
  func addContent(_ add: (UnsafeRawBufferPointer) -> Void) { images.addContent(add) }
}

extension ImageSet: DataPart {
  /// How bytes become numbers.
  public var inputNormalisation: Normalisation? { normalisation }

  /// Pixels are bytes.
  public var dividesBytes: Bool { true }

  /// An image.
  public var noun: String { "image" }

  /// The bytes of the images, then their labels.
  public func addContent(_ add: (UnsafeRawBufferPointer) -> Void) {
    for index in 0..<count { bytes(at: index).withUnsafeBytes(add) }
    let labels = (0..<count).map { UInt8(truncatingIfNeeded: label(at: $0)) }
    labels.withUnsafeBytes(add)
  }
}
