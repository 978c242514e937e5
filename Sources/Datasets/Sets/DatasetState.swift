/// What a folder holds of a data set, by the headers and lengths of its files.
public enum DatasetState: Equatable, Sendable {
  /// Nothing.
  case absent
  /// Files that cannot be trained on, and why.
  case unusable(DatasetError)
  /// Fewer images than the official set has.
  case part(train: Int, test: Int)
  /// All images of the official set, or more.
  case complete

  /// Looks at a set's files without reading them through.
  ///
  /// - Parameters:
  ///   - set: one that is read from files.
  ///   - folder: the folder of all sets.
  public init(of set: DatasetName, in folder: String) {
    let place = DatasetFolder(set, below: folder)
    guard !place.isAbsent else {
      self = .absent
      return
    }
    do throws(DatasetError) {
      let counts = try place.announcedCounts(allowsFewer: true)
      let official = set.officialCounts
      self =
        counts.train >= official.train && counts.test >= official.test
        ? .complete : .part(train: counts.train, test: counts.test)
    } catch {
      self = .unusable(error)
    }
  }
}

extension DatasetName {
  /// The images of both parts of the official set.
  public var officialCounts: (train: Int, test: Int) {
    switch self {
    case .glyphs: (12_000, 2000)
    case .mnist, .kmnist, .fashionMNIST: (60_000, 10_000)
    case .cifar10, .cifar100: (50_000, 10_000)
    case .svhn: (73_257, 26_032)
    }
  }
}
