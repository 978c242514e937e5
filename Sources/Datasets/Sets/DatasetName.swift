/// The data sets that can be trained on.
public enum DatasetName: String, CaseIterable, Sendable {
  /// Rendered by the program: needs no files.
  case glyphs
  /// Handwritten digits (LeCun, Cortes, Burges).
  case mnist
  /// Cursive Japanese (Clanuwat and others 2018).
  case kmnist
  /// Clothing (Xiao, Rasul, Vollgraf 2017).
  case fashionMNIST = "fashion-mnist"
  /// Small photographs in ten classes (Krizhevsky 2009).
  case cifar10 = "cifar-10"
  /// Small photographs in a hundred classes (Krizhevsky 2009).
  case cifar100 = "cifar-100"
  /// House numbers, one digit in the middle of each image (Netzer and others 2011).
  case svhn

  /// The official names of the set's files, which may also have other ones (`.gz`).
  public var requiredFiles: [String] { DatasetLayout(self).files }

  /// Number of classes.
  public var classCount: Int { self == .cifar100 ? 100 : 10 }

  /// The size of its images.
  public var imageShape: (channels: Int, height: Int, width: Int) {
    switch self {
    case .glyphs, .mnist, .kmnist, .fashionMNIST: (1, 28, 28)
    case .cifar10, .cifar100, .svhn: (3, 32, 32)
    }
  }

  /// Training images of the complete set.
  public var trainingCount: Int {
    switch self {
    case .glyphs: Glyphs.defaultTrainCount
    case .mnist, .kmnist, .fashionMNIST: 60_000
    case .cifar10, .cifar100: 50_000
    case .svhn: 73_257
    }
  }

  /// Bytes of all images of the complete set in memory.
  public var imageBytes: Int {
    switch self {
    case .glyphs: 14_000 * 784
    case .mnist, .kmnist, .fashionMNIST: 70_000 * 784
    case .cifar10, .cifar100: 60_000 * 3072
    case .svhn: 99_289 * 3072
    }
  }

  /// Both parts of the set, from `folder/NAME/` or where others put it, unless it is embedded.
  ///
  /// - Parameters:
  ///   - folder: the folder with one subfolder per data set.
  ///   - allowsFewer: whether CIFAR, whose files do not say how many images they hold, may have fewer
  ///     than the official ones.
  /// - Throws: `DatasetError` that names the file, what is wrong and what to do.
  public func load(
    folder: String?, allowsFewer: Bool = false
  ) throws(DatasetError) -> (train: ImageSet, test: ImageSet) {
    if self == .glyphs { return (Glyphs.images(.train), Glyphs.images(.test)) }
    guard let folder else {
      throw DatasetError(
        "The data set \(rawValue)", "needs a folder with images, and none was named",
        remedies: [.nameFolder(set: rawValue)])
    }
    return try DatasetFolder(self, below: folder).load(allowsFewer: allowsFewer)
  }
}
