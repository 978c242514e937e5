/// Labelled images of one size, as bytes, with the normalisation a network sees them through.
///
/// A set is a view: `selecting(_:)` shares the bytes of the set it was taken from, so that a split
/// into training and validation images costs no copy.
public struct ImageSet: Sendable {
  /// What reports call the set.
  public let name: String
  /// Rows of pixels.
  public let height: Int
  /// Pixels of a row.
  public let width: Int
  /// Bytes of a pixel: 1 (grey) or 3 (red, green, blue).
  public let channels: Int
  /// Labels are 0 ..< classCount.
  public let classCount: Int
  /// How bytes become numbers.
  public let normalisation: Normalisation

  /// All bytes that are shared: `[stored images, channels, height, width]`.
  let pixels: [UInt8]
  /// The label of every stored image.
  let storedLabels: [UInt8]
  /// The labels as the files have them, where some were made wrong; else nil.
  let trueLabels: [UInt8]?
  /// Which stored image each image of this set is.
  let rows: [Int32]
  /// `[channels, 256]`: what every byte becomes, in either precision.
  let floatTable: [Float]
  let doubleTable: [Double]

  /// A set of all the images given.
  ///
  /// - Parameters:
  ///   - pixels: `[labels.count, channels, height, width]`.
  ///   - labels: one per image, in 0 ..< classCount.
  /// - Precondition: the sizes agree and every label is a class.
  public init(
    name: String, height: Int, width: Int, channels: Int, classCount: Int,
    normalisation: Normalisation, pixels: [UInt8], labels: [UInt8]
  ) {
    precondition(
      height > 0 && width > 0 && channels > 0,
      "images of \(height)×\(width)×\(channels) are empty")
    precondition(
      pixels.count == labels.count * height * width * channels,
      "\(pixels.count) bytes are not \(labels.count) images of \(height)×\(width)×\(channels)")
    precondition(
      normalisation.channels == channels,
      "a normalisation of \(normalisation.channels) channels for images of \(channels)")
    precondition(
      labels.allSatisfy { Int($0) < classCount }, "a label is not in 0 ..< \(classCount)")
    precondition(labels.count <= Int(Int32.max), "\(labels.count) images do not fit 32-bit indices")
    self.name = name
    self.height = height
    self.width = width
    self.channels = channels
    self.classCount = classCount
    self.normalisation = normalisation
    self.pixels = pixels
    storedLabels = labels
    trueLabels = nil
    rows = (0..<labels.count).map { Int32($0) }
    doubleTable = Self.table(normalisation)
    floatTable = doubleTable.map { Float($0) }
  }

  private static func table(_ normalisation: Normalisation) -> [Double] {
    (0..<normalisation.channels).flatMap { channel in
      (0...255).map { normalisation.value(UInt8($0), channel: channel) }
    }
  }

  init(
    _ other: ImageSet, rows: [Int32], labels: [UInt8]? = nil, normalisation: Normalisation? = nil
  ) {
    name = other.name
    height = other.height
    width = other.width
    channels = other.channels
    classCount = other.classCount
    self.normalisation = normalisation ?? other.normalisation
    pixels = other.pixels
    storedLabels = labels ?? other.storedLabels
    trueLabels = labels == nil ? other.trueLabels : other.trueLabels ?? other.storedLabels
    self.rows = rows
    guard let normalisation else {
      floatTable = other.floatTable
      doubleTable = other.doubleTable
      return
    }
    doubleTable = Self.table(normalisation)
    floatTable = doubleTable.map { Float($0) }
  }

  /// How many images the set holds.
  public var count: Int { rows.count }

  /// Numbers of one image: height · width · channels.
  public var imageLength: Int { height * width * channels }

  /// The images at some indices, in that order, sharing this set's bytes.
  ///
  /// - Precondition: every index is in 0 ..< count.
  public func selecting(_ indices: some Sequence<Int>) -> ImageSet {
    ImageSet(self, rows: indices.map { rows[$0] })
  }

  /// The label of an image.
  public func label(at index: Int) -> Int { Int(storedLabels[Int(rows[index])]) }

  /// Where an image stands in the files of its set, from 0.
  public func position(at index: Int) -> Int { Int(rows[index]) }

  /// The label that the files give an image, whatever it was changed to.
  public func trueLabel(at index: Int) -> Int {
    Int((trueLabels ?? storedLabels)[Int(rows[index])])
  }

  /// The images with other labels for some of them; the files' own are not forgotten.
  ///
  /// - Precondition: labels are classes.
  public func relabelled(_ changes: [(image: Int, label: Int)]) -> ImageSet {
    var labels = storedLabels
    for (image, label) in changes { labels[Int(rows[image])] = UInt8(label) }
    return ImageSet(self, rows: rows, labels: labels)
  }

  /// The bytes of an image, `[channels, height, width]`.
  public func bytes(at index: Int) -> ArraySlice<UInt8> {
    let start = Int(rows[index]) * imageLength
    return pixels[start..<start + imageLength]
  }

  /// How many images of every class the set holds.
  public var classHistogram: [Int] {
    var histogram = [Int](repeating: 0, count: classCount)
    for row in rows { histogram[Int(storedLabels[Int(row)])] += 1 }
    return histogram
  }
}
