extension Communicator {
  /// Does work that may fail on some ranks or on all.
  ///
  /// A collective, for reading configurations and opening files: every rank gets a result, or every
  /// rank the failure. Nothing is printed; whoever decides that it is the job's end hands the failure
  /// to ``endJob(_:)``.
  ///
  /// If all ranks fail alike, the message is the error's own sentence and the exit code is `code`. If
  /// only some fail, or each in its own way, the message names the lowest of them and the exit code is
  /// ``ExitCode/failure``.
  ///
  /// - Parameter words: what is said about an error.
  public func agreedOutcome<Value>(
    code: Int32 = ExitCode.usage, words: (any Error) -> String = { "\($0)" },
    _ work: () throws -> Value
  ) -> Result<Value, AgreedFailure> {
    var failure = ""
    do {
      let value = try work()
      if agree(true) { return .success(value) }
    } catch {
      failure = words(error)
      if failure.isEmpty { failure = "unknown error" }
      _ = agree(false)
    }
    let answers = gatherVariable(Array(failure.utf8))
    let hosts = gatherVariable(Array(hostName().utf8))
    guard let answers, let hosts, let first = answers.firstIndex(where: { !$0.isEmpty }) else {
      // Only the root has the message; the others hear of the code.
      return .failure(AgreedFailure(exitCode: Int32(broadcast(Int64(0))), message: nil))
    }
    let sentence = String(decoding: answers[first], as: UTF8.self)
    let alike = answers.allSatisfy { $0 == answers[first] }
    let host = String(decoding: hosts[first], as: UTF8.self)
    let place = alike ? "" : "rank \(first) of \(size) on \(host): "
    let agreedCode = Int32(broadcast(Int64(alike ? code : ExitCode.failure)))
    return .failure(AgreedFailure(exitCode: agreedCode, message: place + sentence))
  }

  /// Does work on the root that may fail, such as making the folder for the results.
  ///
  /// A collective. If the root fails, every rank gets the failure: the message is the error's own
  /// sentence, and the exit code the error's own (``ErrorWithExitCode``) or `code`.
  ///
  /// - Parameter words: what is said about an error.
  /// - Returns: the result on the root, nil elsewhere.
  public func agreedOutcomeOfRoot<Value>(
    code: Int32 = ExitCode.usage, words: (any Error) -> String = { "\($0)" },
    _ work: () throws -> Value
  ) -> Result<Value?, AgreedFailure> {
    var value: Value?
    var failure: String?
    var rootCode = code
    if isRoot {
      do {
        value = try work()
      } catch {
        failure = words(error)
        rootCode = (error as? any ErrorWithExitCode)?.exitCode ?? code
      }
    }
    if agree(failure == nil) { return .success(value) }
    return .failure(
      AgreedFailure(exitCode: Int32(broadcast(Int64(rootCode))), message: failure))
  }

  /// Ends all ranks with what they have agreed on; a collective of the whole job.
  public func endJob(_ failure: AgreedFailure) -> Never {
    endJob(code: failure.exitCode, message: failure.message)
  }
}

/// What all ranks know went wrong.
public struct AgreedFailure: Error, Equatable {
  /// How the job ends if nothing can be done about it, the same on all ranks; see ``ExitCode``.
  public let exitCode: Int32
  /// What is said about it, on the root; nil elsewhere.
  public let message: String?
}

/// An error that ends the job with an exit code of its own, whatever it interrupts.
public protocol ErrorWithExitCode: Error {
  /// See ``ExitCode``.
  var exitCode: Int32 { get }
}
