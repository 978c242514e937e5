import Glibc
import Storage

/// One result, as a line of JSON on standard output.
struct BenchLine {
  private var members: [JSONValue.Member]

  /// Creates a result of a case.
  init(_ name: String) { members = [.init("case", .string(name))] }

  /// Appends a member.
  func with(_ key: String, _ value: JSONValue) -> BenchLine {
    var line = self
    line.members.append(.init(key, value))
    return line
  }

  /// Appends several members.
  func with(_ others: [JSONValue.Member]) -> BenchLine {
    var line = self
    line.members += others
    return line
  }

  /// Appends the time and, if the number of operations is known, the speed.
  func with(_ timing: Timing, operations: Int) -> BenchLine {
    with("seconds", .number(timing.seconds))
      .with("gflops", .number(timing.gigaflops(operations)))
      .with("runs", .integer(timing.runs))
  }

  /// Prints it immediately, so that a reader of a pipe need not wait for the next one.
  func print() {
    Swift.print(JSONText.line(.object(members)))
    fflush(nil)
  }
}
