import Tensors

extension ImageSet {
  /// Copies images, normalised, in the order of the indices.
  ///
  ///     destination[b, c, y, x] = (pixel[indices[b], c, y, x] / 255 − mean[c]) / deviation[c]
  ///
  /// computed in `Double` and rounded once, of the pixels that the augmentation puts there. Called for every minibatch: a table lookup per byte, no
  /// allocation.
  ///
  /// - Parameters:
  ///   - indices: which images, each in 0 ..< count; repetitions are fine.
  ///   - destination: `[indices.count, channels, height, width]`.
  ///   - augmentation: the random changes of an inner step; nil: none.
  public func copyImages<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Number>,
    augmentation: AugmentationStep? = nil
  ) {
    // Dispatched once per call, so that both loops below are compiled for a concrete type.
    let raw = UnsafeMutableRawPointer(destination)
    if Number.self == Float.self {
      gather(indices, floatTable, augmentation, into: raw.assumingMemoryBound(to: Float.self))
    } else if Number.self == Double.self {
      gather(indices, doubleTable, augmentation, into: raw.assumingMemoryBound(to: Double.self))
    } else {
      preconditionFailure("images cannot be copied as \(Number.self)")
    }
  }

  /// Copies images given by an array of indices; see the overload for unsafe buffers.
  public func copyImages<Number: Scalar>(
    _ indices: [Int], into destination: UnsafeMutablePointer<Number>,
    augmentation: AugmentationStep? = nil
  ) {
    indices.withUnsafeBufferPointer {
      copyImages($0, into: destination, augmentation: augmentation)
    }
  }

  /// Copies labels in the order of the indices: `destination[b] = label[indices[b]]`.
  public func copyLabels(
    _ indices: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Int32>
  ) {
    for (place, index) in indices.enumerated() {
      destination[place] = Int32(storedLabels[Int(rows[index])])
    }
  }

  /// Copies labels given by an array of indices; see the overload for unsafe buffers.
  public func copyLabels(_ indices: [Int], into destination: UnsafeMutablePointer<Int32>) {
    indices.withUnsafeBufferPointer { copyLabels($0, into: destination) }
  }

  @inline(__always)
  private func gather<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, _ table: [Number],
    _ augmentation: AugmentationStep?, into destination: UnsafeMutablePointer<Number>
  ) {
    let length = imageLength
    let plane = height * width
    pixels.withUnsafeBufferPointer { pixels in
      table.withUnsafeBufferPointer { table in
        guard let source = pixels.baseAddress, let lookup = table.baseAddress else { return }
        for (place, index) in indices.enumerated() {
          let image = source + Int(rows[index]) * length
          let output = destination + place * length
          if let augmentation {
            let placement = augmentation.placement(of: Int(rows[index]))
            copy(image, placement, lookup, into: output)
            continue
          }
          for channel in 0..<channels {
            let table = lookup + 256 * channel
            for pixel in channel * plane..<(channel + 1) * plane {
              output[pixel] = table[Int(image[pixel])]
            }
          }
        }
      }
    }
  }
}
