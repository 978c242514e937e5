import CMPI
import Glibc

/// From now on, writing to a pipe that nobody reads is an ordinary error (`EPIPE`) and does not end
/// the process.
public func outliveReaders() { _ = cmpi_outlive_readers() }

/// The signals by which a batch system or a user asks a run to stop at its next safe point.
///
/// Slurm sends `SIGUSR1` some time before a time limit if requested (`--signal`), and `SIGTERM` at
/// preemption and cancellation; Ctrl-C is `SIGINT`, a closing terminal `SIGHUP`. They may reach one
/// rank or all, so the ranks have to agree on what they have received.
///
/// All but `SIGUSR1` end the process when they arrive a second time, from inside the handler, with
/// exit code 128 + the signal number. Signals within a third of a second count as one request:
/// `timeout` sends each signal twice, and a shell forwards what the terminal has already sent.
public enum StopSignal: CaseIterable, Sendable {
  /// `SIGUSR1`.
  case userDefined
  /// `SIGTERM`.
  case termination
  /// `SIGINT`.
  case interrupt
  /// `SIGHUP`.
  case hangup

  /// From now on the signals are recorded, and the first of them does not end this process.
  ///
  /// A `SIGHUP` or `SIGINT` that was ignored when the program started stays ignored: `nohup` relies
  /// on that, and so do shells for a script's background processes.
  public static func watch() {
    for signal in allCases { _ = cmpi_note_signal(signal.number) }
  }

  /// From now on every one of them ends this process, with the system's default action.
  public static func unwatch() {
    for signal in allCases { _ = cmpi_forget_signal(signal.number) }
    // A signal already received is not lost.
    if let received { raise(received.number) }
  }

  /// The last signal that this process has received.
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
