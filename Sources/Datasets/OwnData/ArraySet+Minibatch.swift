import Tensors

extension ArraySet {
  /// Copies inputs of numbers, normalised, in the order of the indices.
  ///
  /// - Parameters:
  ///   - indices: which examples; repetitions are fine.
  ///   - destination: `[indices.count, numbers of an example]`.
  ///   - augmentation: the random changes of an inner step; nil: none. Only images have any.
  /// - Throws: `DatasetError` that names file, array and index when a number is not finite, or the file
  ///   cannot be read.
  public func copyInputs<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Number>,
    augmentation: AugmentationStep? = nil
  ) throws(DatasetError) {
    let length = inputArray.rowLength
    if let augmentation, case .image(let channels, let height, let width) = inputs {
      let place = ImageMove(channels: channels, height: height, width: width)
      let scratch = UnsafeMutablePointer<Number>.allocate(capacity: length)
      defer { scratch.deallocate() }
      try forEachInput(indices) { output, row, bytes throws(DatasetError) in
        try convert(bytes, row: row, into: scratch)
        place.move(
          scratch, augmentation.placement(of: row), zero: { scaling.zero(entry: $0) },
          into: destination + output * length)
      }
      return
    }
    try forEachInput(indices) { output, row, bytes throws(DatasetError) in
      try convert(bytes, row: row, into: destination + output * length)
    }
  }

  /// Copies inputs of whole numbers in the order of the indices.
  ///
  /// - Throws: `DatasetError` when one is not from 0 to below the vocabulary, or the file cannot be read.
  public func copyTokens(
    _ indices: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Int32>
  ) throws(DatasetError) {
    guard case .tokens(_, let vocabulary) = inputs else {
      preconditionFailure("inputs \(inputs) are no tokens")
    }
    try copyIntegers(inputArray, indices, below: vocabulary, into: destination)
  }

  /// Copies targets of numbers in the order of the indices.
  ///
  /// - Throws: as `copyInputs` does.
  public func copyTargets<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Number>
  ) throws(DatasetError) {
    let (array, length) = (targetArray, targetArray.rowLength)
    let plain = ArrayScaling(nil, block: 1, type: array.type == .uint8 ? .bool : array.type)
    let type = array.type == .uint8 ? ElementType.bool : array.type
    try array.forEach(indices.lazy.map { position(at: $0) }) {
      output, row, bytes throws(DatasetError) in
      let wrong = plain.convert(bytes, type, count: length, into: destination + output * length)
      if let wrong { throw array.nonFinite(row: row, index: wrong) }
    }
  }

  /// Copies targets of whole numbers in the order of the indices: classes, or a token a position.
  ///
  /// - Throws: as `copyTokens` does.
  public func copyTargets(
    _ indices: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Int32>
  ) throws(DatasetError) {
    switch targets {
    case .classes: copyLabels(indices, into: destination)
    case .tokens(_, let count):
      try copyIntegers(targetArray, indices, below: count, into: destination)
    case .numbers: preconditionFailure("targets \(targets) are no whole numbers")
    }
  }

  /// Copies labels in the order of the indices: `destination[i] = label[indices[i]]`.
  public func copyLabels(
    _ indices: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Int32>
  ) {
    for (place, index) in indices.enumerated() {
      destination[place] = storedLabels[position(at: index)]
    }
  }

  private func convert<Number: Scalar>(
    _ bytes: UnsafeRawPointer, row: Int, into destination: UnsafeMutablePointer<Number>
  ) throws(DatasetError) {
    let wrong = scaling.convert(
      bytes, inputArray.type, count: inputArray.rowLength, into: destination)
    if let wrong { throw inputArray.nonFinite(row: row, index: wrong) }
  }

  private func forEachInput(
    _ indices: UnsafeBufferPointer<Int>,
    _ body: (_ place: Int, _ row: Int, _ bytes: UnsafeRawPointer) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try inputArray.forEach(indices.lazy.map { position(at: $0) }, body)
  }

  private func copyIntegers(
    _ array: StoredArray, _ indices: UnsafeBufferPointer<Int>, below limit: Int,
    into destination: UnsafeMutablePointer<Int32>
  ) throws(DatasetError) {
    let length = array.rowLength
    try array.forEach(indices.lazy.map { position(at: $0) }) {
      output, row, bytes throws(DatasetError) in
      let wrong = array.copyIntegers(bytes, below: limit, into: destination + output * length)
      guard let wrong else { return }
      throw array.error(
        "has \(array.integer(bytes, wrong)), which is not from 0 to \(limit - 1),", row: row,
        index: wrong, remedy: "Correct the data.")
    }
  }
}

/// An image moved and mirrored: what moves in from outside is a stored 0.
private struct ImageMove {
  let channels, height, width: Int

  func move<Number: Scalar>(
    _ image: UnsafePointer<Number>, _ placement: ImagePlacement, zero: (Int) -> Double,
    into output: UnsafeMutablePointer<Number>
  ) {
    for channel in 0..<channels {
      let black = Number(zero(channel))
      for y in 0..<height {
        let row = output + (channel * height + y) * width
        let source = y + placement.down
        guard source >= 0, source < height else {
          for x in 0..<width { row[x] = black }
          continue
        }
        let pixels = image + (channel * height + source) * width
        for x in 0..<width {
          let column = placement.source(column: x, width: width)
          row[x] = column >= 0 && column < width ? pixels[column] : black
        }
      }
    }
  }
}
