import CMPI
import Glibc

/// Sets the program name that lines on stderr begin with.
///
/// Call it first: earlier lines have no name.
public func setProgramName(_ name: String) { cmpi_set_program_name(name) }

/// The prefix of a line on stderr.
private var introduction: String {
  let name = String(cString: cmpi_program_name())
  return name.isEmpty ? "" : "\(name): "
}

/// The name of this host, without its domain.
public func hostName() -> String {
  var name = [CChar](repeating: 0, count: 256)
  guard gethostname(&name, name.count - 1) == 0 else { return "unknown host" }
  let text = text(of: name)
  return text.split(separator: ".").first.map { String($0) } ?? text
}

/// The text in a C buffer, up to its terminator.
func text(of characters: [CChar]) -> String {
  String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Writes one line to stderr in a single call, so that lines of several ranks do not interleave.
func writeLine(_ line: String) {
  // Earlier output must appear first.
  writeOut()
  let bytes = Array("\(introduction)\(line)\n".utf8)
  _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Flushes what `print` has buffered, which an abort would lose.
func writeOut() { fflush(nil) }

/// Ends only this process, when there is no MPI job to end.
///
/// Skips the libraries' exit handlers: OpenBLAS waits forever for threads it had no memory to
/// start.
func endProcess(code: Int32, message: String?) -> Never {
  if let message { writeLine(message) }
  writeOut()
  _exit(code)
}

/// Ends all ranks of the running MPI job; the message names this one.
func endAllRanks(code: Int32, rank: Int, size: Int, message: String) -> Never {
  writeOut()
  // Ranks that fail with the same error would all print it. Let the lowest go first: its abort ends
  // the others while they wait here.
  usleep(UInt32(min(rank, 25)) * 20_000)
  writeLine("rank \(rank) of \(size) on \(hostName()): \(message)")
  cmpi_abort(code)
  // Reached only if the abort returned.
  _exit(code)
}

/// Ends the job that this process belongs to, from any point of the program, on all ranks.
///
/// For errors that one rank meets while computing and that nobody can recover from: prints one line on stderr,
/// with the rank if there are several, and exits with this code everywhere. Ranks that meet the same error
/// print it once.
public func endRunningJob(code: Int32, message: String) -> Never {
  var world: OpaquePointer?
  var (rank, size): (Int32, Int32) = (0, 1)
  guard cmpi_is_running() == 1, cmpi_world(&world) == 0, let world,
    cmpi_rank(world, &rank) == 0, cmpi_size(world, &size) == 0, size > 1
  else { endProcess(code: code, message: message) }
  endAllRanks(code: code, rank: Int(rank), size: Int(size), message: message)
}

/// Waits for the end that another rank has requested, but not forever.
func pauseUntilEnded(code: Int32) -> Never {
  sleep(5)
  _exit(code)
}
