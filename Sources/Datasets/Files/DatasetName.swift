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

  /// The files that the set cannot do without; all but SVHN's also with `.gz`.
  public var requiredFiles: [String] {
    switch self {
    case .glyphs: []
    case .mnist, .kmnist, .fashionMNIST:
      ["train", "t10k"].flatMap { ["\($0)-images-idx3-ubyte", "\($0)-labels-idx1-ubyte"] }
    case .cifar10: ["data_batch_1.bin", "test_batch.bin"]
    case .cifar100: ["train.bin", "test.bin"]
    case .svhn: ["train_32x32.mat", "test_32x32.mat"]
    }
  }

  /// Number of classes.
  public var classCount: Int { self == .cifar100 ? 100 : 10 }

  /// Bytes of all images of the complete set in memory.
  public var imageBytes: Int {
    switch self {
    case .glyphs: 14_000 * 784
    case .mnist, .kmnist, .fashionMNIST: 70_000 * 784
    case .cifar10, .cifar100: 60_000 * 3072
    case .svhn: 99_289 * 3072
    }
  }

  /// Both parts of the set, from `folder/NAME/` unless it is embedded.
  ///
  /// - Parameter folder: the folder with one subfolder per data set.
  /// - Throws: `DatasetError` that names the file, what is wrong and what to do.
  public func load(folder: String?) throws(DatasetError) -> (train: ImageSet, test: ImageSet) {
    if self == .glyphs { return (Glyphs.images(.train), Glyphs.images(.test)) }
    guard let folder else {
      throw DatasetError(
        "The data set \(rawValue)", "needs a folder with images, and none was named",
        remedy: "Give --data DIR or set GLOCAL_DATA; scripts/fetch-data \(rawValue) DIR fills it.")
    }
    let place = DatasetFolder(
      path: folder.hasSuffix("/") ? folder + rawValue : "\(folder)/\(rawValue)", name: rawValue)
    switch self {
    case .glyphs: preconditionFailure("glyphs are embedded")
    case .mnist: return try place.digits(.mnist)
    case .kmnist: return try place.digits(.kmnist)
    case .fashionMNIST: return try place.digits(.fashionMNIST)
    case .cifar10: return try place.cifar10()
    case .cifar100: return try place.cifar100()
    case .svhn: return try place.svhn()
    }
  }
}
