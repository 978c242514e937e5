import Tensors

extension ImageSet {
  /// The same images seen through another normalisation.
  ///
  /// - Precondition: one mean for each channel.
  public func normalised(by normalisation: Normalisation) -> ImageSet {
    ImageSet(self, rows: rows, normalisation: normalisation)
  }

  /// The mean and the deviation of each channel's values in [0, 1] over these images.
  public func statistics() -> Normalisation {
    let plane = height * width
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 256), count: channels)
    for index in 0..<count {
      let image = bytes(at: index)
      for channel in 0..<channels {
        let start = image.startIndex + channel * plane
        for byte in image[start..<start + plane] { counts[channel][Int(byte)] += 1 }
      }
    }
    return Normalisation(histograms: counts)
  }
}

extension Normalisation {
  /// The mean and the deviation of bytes, divided by 255, by how often each of them occurs.
  ///
  /// A channel that never changes gets the deviation 1: it is only moved.
  ///
  /// - Parameter histograms: `[channels, 256]`.
  init(histograms: [[Int]]) {
    let mean = histograms.map { histogram in
      let sum = histogram.enumerated().reduce(0.0) {
        $0 + Double($1.offset) / 255 * Double($1.element)
      }
      return sum / Double(max(1, histogram.reduce(0, +)))
    }
    let deviation = zip(histograms, mean).map { histogram, mean in
      let squares = histogram.enumerated().reduce(0.0) { sum, bin in
        let distance = Double(bin.offset) / 255 - mean
        return sum + distance * distance * Double(bin.element)
      }
      let variance = squares / Double(max(1, histogram.reduce(0, +)))
      return histogram.count { $0 > 0 } > 1 ? variance.squareRoot() : 1
    }
    self.init(mean: mean, deviation: deviation)
  }
}
