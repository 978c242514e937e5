import MessagePassing

extension GridError: WordedError {
  package var sentence: String {
    switch self {
    case .wrongProduct: "\(self), or `--grid auto`"
    case .tooFewColumns, .tooFewShards: "\(self)"
    }
  }
}
