import MessagePassing
import Settings

// Ends the job on a failure known to all ranks; lower layers leave that decision to their callers.
extension Communicator {
  /// Runs work that may fail on some or all ranks, like `agreedOutcome`.
  ///
  /// A collective, for reading configurations and opening files. Either every rank gets a result,
  /// or the job ends with one line on stderr.
  package func allOrNone<Value>(
    code: Int32 = ExitCode.usage, _ work: () throws -> Value
  ) -> Value {
    valueOrEnd(agreedOutcome(code: code, words: { $0.words }, work))
  }

  /// Runs work on the root that may fail, like `agreedOutcomeOfRoot`.
  ///
  /// A collective. If the root fails, the job ends with the error's sentence, printed once.
  ///
  /// - Returns: the result on the root, nil elsewhere.
  package func onRoot<Value>(
    code: Int32 = ExitCode.usage, _ work: () throws -> Value
  ) -> Value? {
    valueOrEnd(agreedOutcomeOfRoot(code: code, words: { $0.words }, work))
  }

  private func valueOrEnd<Value>(_ outcome: Result<Value, AgreedFailure>) -> Value {
    switch outcome {
    case .success(let value): value
    case .failure(let failure): endJob(failure)
    }
  }
}
