import Foundation

/// Why a data set cannot be used: the file, what is wrong with it, and what to do.
///
/// Whoever reads sets for a user says how a folder is named there, and how fewer images are allowed.
public struct DatasetError: Error, Equatable, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// What is wrong, as the rest of a sentence that starts with the path.
  public let problem: String
  /// What to do, a sentence each.
  public let remedies: [Remedy]

  /// What to do about it.
  public enum Remedy: Equatable, Sendable {
    /// A sentence that is the same whoever reads the set.
    case advice(String)
    /// No folder was named: name one, once it has the files of this set.
    case nameFolder(set: String)
    /// The folder of all sets is not there: name the right one, once it has the files of this set.
    case correctFolder(set: String)
    /// Fetch the files of this set, or name a folder that has them.
    case fetchOrNameFolder(set: String)
    /// Fewer images than the official set has may be there on purpose: allow them.
    case allowFewer
    /// Name a file to test on.
    case nameTest
    /// Name the file with the targets.
    case nameTargets
    /// Say what the inputs and the targets are called in the file.
    case nameMembers
    /// Say how many classes there are.
    case nameClasses
    /// Say that the targets are numbers to be told, not classes.
    case nameNumbers
  }

  /// An error about a file.
  public init(_ path: String, _ problem: String, remedies: [Remedy]) {
    self.path = path
    self.problem = problem
    self.remedies = remedies
  }

  /// An error about a file whose remedy is the same whoever reads it.
  public init(_ path: String, _ problem: String, remedy: String) {
    self.init(path, problem, remedies: [.advice(remedy)])
  }

  /// One sentence and the remedies.
  public var description: String {
    (["\(path) \(problem)."] + remedies.map(\.description)).joined(separator: " ")
  }

  /// A file that nothing can be trained or tested on.
  static func noImages(_ path: String) -> DatasetError {
    DatasetError(path, "holds no images", remedy: fetchAgain)
  }

  /// The remedy for a file that was damaged on its way.
  static let fetchAgain =
    "Fetch the file again (scripts/fetch-data SET DIR checks what it gets)."

  /// The system does not give the file away.
  static func unreadable(_ path: String, _ code: Int32) -> DatasetError {
    DatasetError(
      path, "cannot be read (\(String(cString: strerror(code))))",
      remedy: "Check the file and its permissions.")
  }
}

extension DatasetError.Remedy: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .advice(let sentence): sentence
    case .nameFolder(let set):
      "Name a folder; scripts/fetch-data \(set) DIR fills it."
    case .correctFolder(let set):
      "Name another folder; scripts/fetch-data \(set) DIR fills one."
    case .fetchOrNameFolder(let set):
      "Fetch it with scripts/fetch-data \(set) DIR, or name another folder."
    case .allowFewer: "If it is a part on purpose, allow fewer images."
    case .nameTest: "Name a file to test on."
    case .nameTargets: "Name the file with the targets."
    case .nameMembers: "Say what the inputs and the targets are called."
    case .nameClasses: "Correct the targets, or say how many classes there are."
    case .nameNumbers: "Correct the targets, or say that they are no classes."
    }
  }
}
