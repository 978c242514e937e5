extension Communicator {
  /// Does work that may fail on some ranks or on all.
  ///
  /// A collective, for reading configurations and opening files. Either every rank gets a result, or
  /// the job ends with one line on stderr.
  ///
  /// If all ranks fail alike the line is the error's own sentence, printed by the root, and the exit
  /// code is `code`. If only some fail, or each in its own way, the line names the lowest of them and
  /// the exit code is ``ExitCode/failure``.
  public func allOrNone<Result>(
    code: Int32 = ExitCode.usage, _ work: () throws -> Result
  ) -> Result {
    var failure = ""
    do {
      let result = try work()
      if agree(true) { return result }
    } catch {
      failure = "\(error)"
      if failure.isEmpty { failure = "unknown error" }
      _ = agree(false)
    }
    let answers = gatherVariable(Array(failure.utf8))
    let hosts = gatherVariable(Array(hostName().utf8))
    guard let answers, let hosts, let first = answers.firstIndex(where: { !$0.isEmpty }) else {
      // Only the root prints; the others wait for the code.
      exitAll(code: Int32(broadcast(Int64(0))), message: nil)
    }
    let sentence = String(decoding: answers[first], as: UTF8.self)
    let alike = answers.allSatisfy { $0 == answers[first] }
    let host = String(decoding: hosts[first], as: UTF8.self)
    let place = alike ? "" : "rank \(first) of \(size) on \(host): "
    let agreedCode = broadcast(Int64(alike ? code : ExitCode.failure))
    exitAll(code: Int32(agreedCode), message: place + sentence)
  }

  /// Does work on the root that may fail, such as making the folder for the results.
  ///
  /// A collective. If the root fails, the job ends with the error's own sentence, once, and its own exit
  /// code (``ErrorWithExitCode``) or `code`.
  ///
  /// - Returns: the result on the root, nil elsewhere.
  public func onRoot<Result>(
    code: Int32 = ExitCode.usage, _ work: () throws -> Result
  ) -> Result? {
    var result: Result?
    var failure: String?
    var rootCode = code
    if isRoot {
      do {
        result = try work()
      } catch {
        failure = "\(error)"
        rootCode = (error as? any ErrorWithExitCode)?.exitCode ?? code
      }
    }
    guard agree(failure == nil) else {
      exitAll(code: Int32(broadcast(Int64(rootCode))), message: failure)
    }
    return result
  }
}

/// An error that ends the job with an exit code of its own, whatever it interrupts.
public protocol ErrorWithExitCode: Error {
  /// See ``ExitCode``.
  var exitCode: Int32 { get }
}
