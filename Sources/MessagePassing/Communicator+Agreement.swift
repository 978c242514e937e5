extension Communicator {
  /// Runs work that may fail on some or all ranks, and agrees on the outcome.
  ///
  /// A collective, for reading configurations and opening files: either every rank gets its result,
  /// or every rank gets a failure. Nothing is printed; the caller may pass the failure to
  /// ``endJob(_:)`` to end the job.
  ///
  /// If all ranks fail with the same error, the message is the error's own sentence and the exit
  /// code is `code`. If only some fail, or with different errors, the message names the lowest
  /// failing rank and the exit code is ``ExitCode/failure``.
  ///
  /// - Parameter words: describes an error in words.
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
      // Only the root has the message; the other ranks receive the exit code.
      return .failure(AgreedFailure(exitCode: Int32(broadcast(Int64(0))), message: nil))
    }
    let sentence = String(decoding: answers[first], as: UTF8.self)
    let alike = answers.allSatisfy { $0 == answers[first] }
    let host = String(decoding: hosts[first], as: UTF8.self)
    let place = alike ? "" : "rank \(first) of \(size) on \(host): "
    let agreedCode = Int32(broadcast(Int64(alike ? code : ExitCode.failure)))
    return .failure(AgreedFailure(exitCode: agreedCode, message: place + sentence))
  }

  /// Runs work on the root that may fail, such as creating the results folder.
  ///
  /// A collective. If the root fails, every rank gets the failure: the message is the error's own
  /// sentence, and the exit code is the error's own (``ErrorWithExitCode``) or `code`.
  ///
  /// - Parameter words: describes an error in words.
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

  /// Ends all ranks with the agreed failure; a collective of the whole job.
  public func endJob(_ failure: AgreedFailure) -> Never {
    endJob(code: failure.exitCode, message: failure.message)
  }
}

/// A failure that all ranks know of.
public struct AgreedFailure: Error, Equatable {
  /// The exit code if the job ends because of it, the same on all ranks; see ``ExitCode``.
  public let exitCode: Int32
  /// The message on the root; nil elsewhere.
  public let message: String?
}

/// An error that ends the job with its own exit code, whatever it interrupts.
public protocol ErrorWithExitCode: Error {
  /// See ``ExitCode``.
  var exitCode: Int32 { get }
}
