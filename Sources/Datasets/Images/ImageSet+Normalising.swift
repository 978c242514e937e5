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
    let total = Double(max(1, count * plane))
    let mean = counts.map { histogram in
      histogram.enumerated().reduce(0) { $0 + Double($1.offset) / 255 * Double($1.element) } / total
    }
    let deviation = zip(counts, mean).map { histogram, mean in
      let squares = histogram.enumerated().reduce(0.0) { sum, bin in
        let distance = Double(bin.offset) / 255 - mean
        return sum + distance * distance * Double(bin.element)
      }
      return squares > 0 ? (squares / total).squareRoot() : 1
    }
    return Normalisation(mean: mean, deviation: deviation)
  }
}
