extension ElementType {
  /// The numbers that stand for the types in a file.
  private static let codes: [Int32: ElementType] = [
    1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .bool,
    10: .float16, 11: .float64, 12: .uint32, 13: .uint64, 16: .bfloat16,
  ]

  /// Types that a file may have and that are not read.
  private static let others: [Int32: String] = [
    8: "string", 14: "complex64", 15: "complex128", 17: "float8e4m3fn", 18: "float8e4m3fnuz",
    19: "float8e5m2", 20: "float8e5m2fnuz", 21: "uint4", 22: "int4", 23: "float4e2m1",
    24: "float8e8m0", 25: "uint2", 26: "int2", 27: "float6e2m3", 28: "float6e3m2",
  ]

  /// The type of a number in a file, as attributes such as Cast's `to` have it too.
  init?(code: Int) {
    guard let code = Int32(exactly: code), let type = Self.codes[code] else { return nil }
    self = type
  }

  /// What a number in a file stands for, for a sentence.
  static func name(ofCode code: Int) -> String {
    guard let short = Int32(exactly: code) else { return "number \(code)" }
    return codes[short]?.rawValue ?? others[short] ?? "number \(code)"
  }

  /// How many bytes an element has in a file.
  var width: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }
}
