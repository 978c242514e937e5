import Tensors

/// How the stored numbers of a row become those that a model sees.
///
///     x ↦ (x − mean[e]) / deviation[e],   e = (place in the row / block) mod entries
///
/// in `Double`, rounded once; bytes are divided by 255 first. With `block` the pixels of a channel, an
/// entry is a channel; with 1, a column.
struct ArrayScaling: Sendable {
  let normalisation: Normalisation?
  let block: Int
  private let floatTable: [Float]
  private let doubleTable: [Double]

  /// A scaling; nil leaves numbers as they are, but for bytes.
  init(_ normalisation: Normalisation?, block: Int, type: ElementType) {
    self.normalisation = normalisation
    self.block = block
    guard type == .uint8 else {
      (floatTable, doubleTable) = ([], [])
      return
    }
    let used = normalisation ?? Normalisation(mean: [0], deviation: [1])
    doubleTable = (0..<used.channels).flatMap { channel in
      (0...255).map { used.value(UInt8($0), channel: channel) }
    }
    floatTable = doubleTable.map { Float($0) }
  }

  /// What a stored zero becomes, by entry.
  func zero(entry: Int) -> Double {
    guard let normalisation else { return 0 }
    let place = entry % normalisation.channels
    return -normalisation.mean[place] / normalisation.deviation[place]
  }

  /// Converts a row.
  ///
  /// - Returns: the first place whose number is not finite; nil: all are.
  func convert<Number: Scalar>(
    _ row: UnsafeRawPointer, _ type: ElementType, count: Int,
    into result: UnsafeMutablePointer<Number>
  ) -> Int? {
    // Dispatched once a row, so that the loops are compiled for concrete types.
    let raw = UnsafeMutableRawPointer(result)
    if Number.self == Float.self {
      let result = raw.assumingMemoryBound(to: Float.self)
      if type == .uint8 {
        lookUp(row, floatTable, count, into: result)
        return nil
      }
      convert(row, type, count, into: result)
      return Self.firstNonFinite(result, count)
    }
    precondition(Number.self == Double.self, "rows cannot be converted to \(Number.self)")
    let doubles = raw.assumingMemoryBound(to: Double.self)
    if type == .uint8 {
      lookUp(row, doubleTable, count, into: doubles)
      return nil
    }
    convert(row, type, count, into: doubles)
    return Self.firstNonFinite(doubles, count)
  }

  @inline(__always)
  private func lookUp<Number: Scalar>(
    _ row: UnsafeRawPointer, _ table: [Number], _ count: Int,
    into result: UnsafeMutablePointer<Number>
  ) {
    let bytes = row.assumingMemoryBound(to: UInt8.self)
    table.withUnsafeBufferPointer { table in
      guard let lookup = table.baseAddress else { return }
      forEachBlock(count) { range, entry in
        let own = lookup + 256 * entry
        for i in range { result[i] = own[Int(bytes[i])] }
      }
    }
  }

  @inline(__always)
  private func convert<Number: Scalar>(
    _ row: UnsafeRawPointer, _ type: ElementType, _ count: Int,
    into result: UnsafeMutablePointer<Number>
  ) {
    switch type {
    case .float32: convert(row, count, into: result) { (x: Float) in Double(x) }
    case .float64: convert(row, count, into: result) { (x: Double) in x }
    case .float16: convert(row, count, into: result) { (x: Float16) in Double(x) }
    case .bfloat16:
      convert(row, count, into: result) { (x: UInt16) in
        Double(Float(bitPattern: UInt32(x) << 16))
      }
    case .bool, .uint8: convert(row, count, into: result) { (x: UInt8) in Double(x) }
    case .int8: convert(row, count, into: result) { (x: Int8) in Double(x) }
    case .int16: convert(row, count, into: result) { (x: Int16) in Double(x) }
    case .uint16: convert(row, count, into: result) { (x: UInt16) in Double(x) }
    case .int32: convert(row, count, into: result) { (x: Int32) in Double(x) }
    case .uint32: convert(row, count, into: result) { (x: UInt32) in Double(x) }
    case .int64: convert(row, count, into: result) { (x: Int64) in Double(x) }
    }
  }

  @inline(__always)
  private func convert<Stored, Number: Scalar>(
    _ row: UnsafeRawPointer, _ count: Int, into result: UnsafeMutablePointer<Number>,
    _ value: (Stored) -> Double
  ) {
    let stored = row.assumingMemoryBound(to: Stored.self)
    guard let normalisation else {
      for i in 0..<count { result[i] = Number(value(stored[i])) }
      return
    }
    let (mean, deviation) = (normalisation.mean, normalisation.deviation)
    if block == 1 {
      // A column each.
      mean.withUnsafeBufferPointer { mean in
        deviation.withUnsafeBufferPointer { deviation in
          for start in Swift.stride(from: 0, to: count, by: mean.count) {
            for i in 0..<min(mean.count, count - start) {
              result[start + i] = Number((value(stored[start + i]) - mean[i]) / deviation[i])
            }
          }
        }
      }
      return
    }
    forEachBlock(count) { range, entry in
      let (mean, deviation) = (mean[entry], deviation[entry])
      for i in range { result[i] = Number((value(stored[i]) - mean) / deviation) }
    }
  }

  @inline(__always)
  private func forEachBlock(_ count: Int, _ body: (_ range: Range<Int>, _ entry: Int) -> Void) {
    let entries = normalisation?.channels ?? 1
    if entries == 1 { return body(0..<count, 0) }
    var entry = 0
    for start in Swift.stride(from: 0, to: count, by: block) {
      body(start..<min(count, start + block), entry)
      entry = entry + 1 == entries ? 0 : entry + 1
    }
  }

  private static func firstNonFinite(_ numbers: UnsafePointer<Float>, _ count: Int) -> Int? {
    // The exponent's bits, as whole numbers: a loop that takes many at once.
    var largest: UInt32 = 0
    for i in 0..<count { largest = max(largest, numbers[i].bitPattern & 0x7FFF_FFFF) }
    guard largest >= 0x7F80_0000 else { return nil }
    return (0..<count).first { !numbers[$0].isFinite }
  }

  private static func firstNonFinite(_ numbers: UnsafePointer<Double>, _ count: Int) -> Int? {
    var largest: UInt64 = 0
    for i in 0..<count { largest = max(largest, numbers[i].bitPattern & 0x7FFF_FFFF_FFFF_FFFF) }
    guard largest >= 0x7FF0_0000_0000_0000 else { return nil }
    return (0..<count).first { !numbers[$0].isFinite }
  }
}
