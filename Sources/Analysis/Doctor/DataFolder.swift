import Datasets
import Foundation

/// Which data sets a folder holds, by the headers and lengths of their files.
package struct DataFolder: Equatable, Sendable {
  /// One set.
  package struct Holding: Equatable, Sendable {
    /// The set.
    package let set: DatasetName
    /// What there is of it.
    package let state: DatasetState
  }

  /// The folder.
  package let path: String
  /// Whether it exists.
  package let exists: Bool
  /// The sets that are read from files.
  package let holdings: [Holding]

  /// Looks into a folder.
  package init(_ path: String) {
    var isFolder: ObjCBool = false
    exists =
      FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    self.path = path
    holdings = DatasetName.allCases.filter { $0 != .glyphs }.map {
      Holding(set: $0, state: DatasetState(of: $0, in: path))
    }
  }
}
