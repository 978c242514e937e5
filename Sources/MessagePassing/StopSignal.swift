import CMPI
import Glibc

/// From now on writing to a pipe that nobody reads any more is an error like others (`EPIPE`) and does
/// not end the process.
public func outliveReaders() { _ = cmpi_outlive_readers() }

/// Signals by which a batch system or a user asks a run to stop at its next safe point.
///
/// Slurm sends `SIGUSR1` some time before a time limit when asked to (`--signal`), and `SIGTERM` at
/// preemption and cancellation; Ctrl-C is `SIGINT`, a terminal that closes `SIGHUP`. They may reach one
/// rank or all: what a rank has seen has to be agreed on.
///
/// All but the first kind end the process when they come a second time, from inside the handler, with
/// exit code 128 + the signal's number. What comes within a third of a second is one request: `timeout`
/// sends each signal twice, and a shell passes on what the terminal has sent already.
public enum StopSignal: CaseIterable, Sendable {
  /// `SIGUSR1`.
  case userDefined
  /// `SIGTERM`.
  case termination
  /// `SIGINT`.
  case interrupt
  /// `SIGHUP`.
  case hangup

  /// From now on the signals are remembered, and the first of them does not end this process.
  ///
  /// A `SIGHUP` or `SIGINT` that was ignored when the program started stays ignored: `nohup`, and
  /// shells for what they start in the background of a script, want that.
  public static func watch() {
    for signal in allCases { _ = cmpi_note_signal(signal.number) }
  }

  /// From now on every one of them ends this process, as the system does it.
  public static func unwatch() {
    for signal in allCases { _ = cmpi_forget_signal(signal.number) }
    // One that has come is not lost.
    if let received { raise(received.number) }
  }

  /// The last one that this process has got.
  public static var received: StopSignal? {
    let number = cmpi_noted_signal()
    return allCases.first { $0.number == number }
  }

  private var number: Int32 {
    switch self {
    case .userDefined: SIGUSR1
    case .termination: SIGTERM
    case .interrupt: SIGINT
    case .hangup: SIGHUP
    }
  }
}
