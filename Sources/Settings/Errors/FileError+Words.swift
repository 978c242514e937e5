import Storage

extension FileError: WordedError {
  package var sentence: String { sentence(anotherFolderBy: "--output") }
}

extension SafeTensorsError: WordedError {
  package var sentence: String {
    if case .file(let error) = problem { error.sentence } else { description }
  }
}
