import Glibc

/// The processor as described in Linux's `/proc/cpuinfo`.
public struct ProcessorDescription: Equatable, Sendable {
  /// The name, such as `AMD EPYC`; empty if Linux does not give one.
  public let model: String
  /// The instruction set flags, such as `avx512f`; empty on processors other than x86.
  public let flags: Set<String>

  /// Parses the text of `/proc/cpuinfo`; reads its first processor, assuming all are identical.
  public init(cpuinfo text: String) {
    var values: [Substring: Substring] = [:]
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = Self.trimmed(line[..<colon])
      if values[name] == nil { values[name] = Self.trimmed(line[line.index(after: colon)...]) }
    }
    model = values["model name"].map(String.init) ?? ""
    flags = Set((values["flags"] ?? "").split(separator: " ").map(String.init))
  }

  /// Whether it has the instructions that OpenBLAS's AVX-512 kernels need (those of Skylake-X).
  public var hasAVX512: Bool {
    flags.isSuperset(of: ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"])
  }

  /// The processor of this machine.
  public static var ofThisMachine: ProcessorDescription {
    ProcessorDescription(cpuinfo: contents(of: "/proc/cpuinfo"))
  }

  private static func contents(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0 == " " || $0 == "\t" }
    let end = start.lastIndex { $0 != " " && $0 != "\t" }
    return end.map { start[...$0] } ?? ""
  }
}
