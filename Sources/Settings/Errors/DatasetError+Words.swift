import Datasets

extension DatasetError: WordedError {
  package var sentence: String { "\(path) \(problem). \(remedy)" }

  /// What to do, with the names of the options.
  package var remedy: String { remedies.map(\.sentence).joined(separator: " ") }
}

extension DatasetError.Remedy {
  fileprivate var sentence: String {
    switch self {
    case .advice(let sentence): sentence
    case .nameFolder(let set):
      "Give --data DIR or set GLOCAL_DATA; scripts/fetch-data \(set) DIR fills it."
    case .correctFolder(let set):
      "Correct --data or GLOCAL_DATA; scripts/fetch-data \(set) DIR fills a folder."
    case .fetchOrNameFolder(let set):
      "Fetch it with scripts/fetch-data \(set) DIR, or name another folder with --data."
    case .allowFewer: "If it is a part on purpose, say --set data.partial=true."
    case .nameTest: "Name a file to test on with data.test."
    case .nameTargets:
      "Name the files with the targets with data.train-targets, data.test-targets and, where it is "
        + "used, data.validation-targets."
    case .nameMembers: "Name what is there with data.inputs and data.targets."
    case .nameClasses: "Correct the targets, or say how many classes there are with data.classes."
    case .nameNumbers:
      "Correct the targets, or say with data.classes: none that they are numbers and no classes."
    }
  }
}
