import MessagePassing
import Settings

// Here, and not below, it is decided that what all ranks know went wrong is the end of the job.
extension Communicator {
  /// Does work that may fail on some ranks or on all, as `agreedOutcome` does.
  ///
  /// A collective, for reading configurations and opening files. Either every rank gets a result, or
  /// the job ends with one line on stderr.
  package func allOrNone<Value>(
    code: Int32 = ExitCode.usage, _ work: () throws -> Value
  ) -> Value {
    valueOrEnd(agreedOutcome(code: code, words: { $0.words }, work))
  }

  /// Does work on the root that may fail, as `agreedOutcomeOfRoot` does.
  ///
  /// A collective. If the root fails, the job ends with the error's sentence, once.
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
