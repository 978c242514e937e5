/// Collects what is wrong with a file, so that all of it can be said at once.
struct ProblemList {
  /// A damaged file may have a problem for each of a million nodes.
  private static let limit = 50

  private(set) var problems: [ModelProblem] = []
  private var omitted = 0

  /// Notes a problem.
  mutating func add(_ problem: ModelProblem) {
    if problems.count < Self.limit { problems.append(problem) } else { omitted += 1 }
  }

  /// Does something that may fail; nil if it did, and the problem is noted.
  mutating func attempt<Result>(_ work: () throws(ModelProblem) -> Result) -> Result? {
    do throws(ModelProblem) { return try work() } catch {
      add(error)
      return nil
    }
  }

  /// Throws what was noted, if anything was.
  func check() throws(ModelProblems) {
    guard !problems.isEmpty else { return }
    let rest = omitted == 0 ? [] : [ModelProblem("and \(omitted) problems more")]
    throw ModelProblems(problems + rest)
  }
}

extension String {
  /// For a sentence: a name from a damaged file may be as long as the file.
  var shortened: String {
    utf8.count <= 120 ? self : String(unicodeScalars.prefix(100)) + "…"
  }
}

extension [String] {
  /// "a", "a and b", "a, b and c".
  var enumerated: String {
    guard let last, count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}
