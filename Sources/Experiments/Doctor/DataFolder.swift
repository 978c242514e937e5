import Datasets
import Foundation

/// Which data sets a folder holds, by the headers and lengths of their files.
public struct DataFolder: Equatable, Sendable {
  /// One set.
  public struct Holding: Equatable, Sendable {
    /// The set.
    public let set: DatasetName
    /// What there is of it.
    public let state: DatasetState
  }

  /// The folder.
  public let path: String
  /// Whether it exists.
  public let exists: Bool
  /// The sets that are read from files.
  public let holdings: [Holding]

  /// Looks into a folder.
  public init(_ path: String) {
    var isFolder: ObjCBool = false
    exists =
      FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    self.path = path
    holdings = DatasetName.allCases.filter { $0 != .glyphs }.map {
      Holding(set: $0, state: DatasetState(of: $0, in: path))
    }
  }
}
