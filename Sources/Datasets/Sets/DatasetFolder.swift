import Foundation

/// The folder of one data set, found among those where it may lie.
struct DatasetFolder {
  /// The set.
  let set: DatasetName
  /// The folder of all sets.
  let root: String
  /// The set's own folder: the one with the most of its files, of several the first.
  let path: String
  private let layout: DatasetLayout

  /// Looks for a set below a folder.
  init(_ set: DatasetName, below root: String) {
    self.set = set
    self.root = root
    let layout = DatasetLayout(set)
    self.layout = layout
    let places = layout.folders.map { Self.join(root, $0) }
    var best = (path: places.first ?? root, found: 0)
    for place in places {
      let found = layout.files.count { Self.find($0, in: place, layout) != nil }
      if found > best.found { best = (place, found) }
    }
    path = best.path
  }

  /// Whether none of the set's files is there, and no folder that is called like it.
  var isAbsent: Bool {
    layout.files.allSatisfy { find($0) == nil } && !Self.isFolder(path)
  }

  /// The official names of the files that are not there.
  var missingFiles: [String] { layout.files.filter { find($0) == nil } }

  /// The file with an official name, if it is there, under whatever name.
  func find(_ file: String) -> String? { Self.find(file, in: path, layout) }

  /// The file with an official name.
  ///
  /// - Throws: `DatasetError` that says where it was looked for, and what lies there instead.
  func existing(_ file: String) throws(DatasetError) -> String {
    if let found = find(file) { return found }
    throw missing(file)
  }

  /// That a file is missing, where it was looked for, and what lies there instead.
  func missing(_ file: String) -> DatasetError {
    let name = Self.join(path, file) + (layout.mayBeCompressed ? "[.gz]" : "")
    guard Self.isFolder(root) else {
      return DatasetError(
        name, "is missing: there is no folder \(root)",
        remedies: [.correctFolder(set: set.rawValue)])
    }
    var problem = "is missing"
    let others = layout.folders.map { Self.join(root, $0) }.filter { $0 != path }
    if missingFiles == layout.files, !others.isEmpty {
      problem += ", and not in \(others.joined(separator: " or ")) either"
    }
    let there = Self.isFolder(path) ? path : root
    problem += "; \(there) holds \(Self.listing(there))"
    var remedies = [DatasetError.Remedy.fetchOrNameFolder(set: set.rawValue)]
    if holdsPickles {
      remedies.insert(
        .advice("Those are for Python; what is needed is the binary version."), at: 0)
    }
    return DatasetError(name, problem, remedies: remedies)
  }

  /// CIFAR comes for Python too, and is then read by nobody else.
  private var holdsPickles: Bool {
    let names =
      set == .cifar10
      ? ["cifar-10-batches-py", "cifar-10/cifar-10-batches-py", "cifar-10/data_batch_1"]
      : ["cifar-100-python", "cifar-100/cifar-100-python", "cifar-100/train"]
    return [.cifar10, .cifar100].contains(set)
      && names.contains { FileManager.default.fileExists(atPath: Self.join(root, $0)) }
  }

  private static func listing(_ folder: String) -> String {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    guard !names.isEmpty else { return "nothing" }
    let shown = names.prefix(6).joined(separator: ", ")
    return names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
  }

  private static func find(_ file: String, in folder: String, _ layout: DatasetLayout) -> String? {
    let places = layout.names(of: file).map { join(folder, $0) }
    // A folder in a file's place is not a file that is missing: reading it says what is wrong.
    return places.first { exists($0) } ?? places.first { isFolder($0) }
  }

  /// Whether there is something that is no folder.
  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path) && !isFolder(path)
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  private static func join(_ folder: String, _ name: String) -> String {
    if name.isEmpty { return folder }
    return folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}
