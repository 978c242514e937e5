import CMPI
import Glibc

/// Signals by which a batch system or a user asks a run to stop at its next safe point.
///
/// Slurm sends `SIGUSR1` some time before a time limit when asked to (`--signal`), and `SIGTERM` at
/// preemption and cancellation. They may reach one rank or all: what a rank has seen has to be agreed
/// on.
public enum StopSignal: CaseIterable, Sendable {
  /// `SIGUSR1`.
  case userDefined
  /// `SIGTERM`.
  case termination

  /// From now on both signals are remembered and no longer end this process.
  public static func watch() {
    for signal in allCases { _ = cmpi_note_signal(signal.number) }
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
    }
  }
}
