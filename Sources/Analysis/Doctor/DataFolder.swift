import Datasets
import Foundation

/// The data sets in a folder, judged by the headers and lengths of their files.
package struct DataFolder: Equatable, Sendable {
  /// One data set.
  package struct Holding: Equatable, Sendable {
    /// The data set's name.
    package let set: DatasetName
    /// Which of its files are present.
    package let state: DatasetState
  }

  /// The folder's path.
  package let path: String
  /// Whether it exists.
  package let exists: Bool
  /// The data sets that are read from files.
  package let holdings: [Holding]

  /// Inspects a folder.
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
