import Datasets
import Foundation

/// Which data sets a folder holds.
public struct DataFolder: Equatable, Sendable {
  /// The files of one set.
  public struct Holding: Equatable, Sendable {
    /// The set.
    public let set: DatasetName
    /// The files that are missing, without `.gz`.
    public let missing: [String]
    /// Whether the set has a subfolder.
    public let hasFolder: Bool
  }

  /// The folder.
  public let path: String
  /// Whether it exists.
  public let exists: Bool
  /// The sets that are read from files.
  public let holdings: [Holding]

  /// Looks into a folder.
  public init(_ path: String) {
    let manager = FileManager.default
    func isFolder(_ path: String) -> Bool {
      var result: ObjCBool = false
      return manager.fileExists(atPath: path, isDirectory: &result) && result.boolValue
    }
    self.path = path
    exists = isFolder(path)
    holdings = DatasetName.allCases.filter { $0 != .glyphs }.map { set in
      let folder = "\(path)/\(set.rawValue)"
      let missing = set.requiredFiles.filter { file in
        // MAT files are compressed inside, and are not read from a `.gz`.
        !(set == .svhn ? [""] : ["", ".gz"]).contains {
          manager.isReadableFile(atPath: "\(folder)/\(file)\($0)")
        }
      }
      return Holding(set: set, missing: missing, hasFolder: isFolder(folder))
    }
  }
}
