import Glibc
import Storage

/// One result: a line of JSON on standard output.
struct BenchLine {
  private var members: [JSONValue.Member]

  /// A result of a case.
  init(_ name: String) { members = [.init("case", .string(name))] }

  /// Adds a member at the end.
  func with(_ key: String, _ value: JSONValue) -> BenchLine {
    var line = self
    line.members.append(.init(key, value))
    return line
  }

  /// Adds several members at the end.
  func with(_ others: [JSONValue.Member]) -> BenchLine {
    var line = self
    line.members += others
    return line
  }

  /// Adds the time and, where the number of operations is known, the speed.
  func with(_ timing: Timing, operations: Int) -> BenchLine {
    with("seconds", .number(timing.seconds))
      .with("gflops", .number(timing.gigaflops(operations)))
      .with("runs", .integer(timing.runs))
  }

  /// Prints it at once, so that a reader of a pipe need not wait for the next one.
  func print() {
    Swift.print(JSONText.line(.object(members)))
    fflush(nil)
  }
}
