import Datasets
import Tensors

@testable import Storage

/// The glyphs that runs are tested on, for programs that cannot draw them.
enum TestImages {
  /// Writes `images` `[count, 1, 28, 28]`, normalised, and `labels` `[count]`.
  static func write(to path: String) throws {
    let set = Glyphs.images(.test)
    var images = [Float](repeating: 0, count: set.count * set.imageLength)
    images.withUnsafeMutableBufferPointer {
      if let start = $0.baseAddress { set.copyImages(Array(0..<set.count), into: start) }
    }
    try SafeTensorsFile.write(
      [
        NamedTensor(name: "images", shape: [set.count, 1, 28, 28], values: images),
        NamedTensor(
          name: "labels", shape: [set.count],
          values: (0..<set.count).map { Float(set.label(at: $0)) }),
      ], to: path)
  }
}
