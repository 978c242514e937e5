import Foundation

/// Why a data set cannot be used: the file, what is wrong with it, and what to do.
public struct DatasetError: Error, Equatable, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// What is wrong, as the rest of a sentence that starts with the path.
  public let problem: String
  /// What to do.
  public let remedy: String

  /// An error about a file.
  public init(_ path: String, _ problem: String, remedy: String) {
    self.path = path
    self.problem = problem
    self.remedy = remedy
  }

  /// One sentence and the remedy.
  public var description: String { "\(path) \(problem). \(remedy)" }

  /// A file that nothing can be trained or tested on.
  static func noImages(_ path: String) -> DatasetError {
    DatasetError(path, "holds no images", remedy: fetchAgain)
  }

  /// The remedy for a file that was damaged on its way.
  static let fetchAgain =
    "Fetch the file again (scripts/fetch-data SET DIR checks what it gets)."

  /// The remedy where fewer images than the official set has are there on purpose.
  static let partIsMeant = "If it is a part on purpose, say --set data.partial=true."

  /// The system does not give the file away.
  static func unreadable(_ path: String, _ code: Int32) -> DatasetError {
    DatasetError(
      path, "cannot be read (\(String(cString: strerror(code))))",
      remedy: "Check the file and its permissions.")
  }
}
