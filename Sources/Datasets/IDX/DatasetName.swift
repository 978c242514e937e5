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

  /// Both parts of the set, from `folder/NAME/` unless it is embedded.
  ///
  /// - Parameter folder: the folder with one subfolder per data set.
  /// - Throws: `DatasetError` that names the file, what is wrong and what to do.
  public func load(folder: String?) throws(DatasetError) -> (train: ImageSet, test: ImageSet) {
    guard let normalisation else { return (Glyphs.images(.train), Glyphs.images(.test)) }
    guard let folder else {
      throw DatasetError(
        "The data set \(rawValue)", "needs a folder with images, and none was named",
        remedy: "Give --data DIR or set GLOCAL_DATA; scripts/fetch-data \(rawValue) DIR fills it.")
    }
    let place = folder.hasSuffix("/") ? folder + rawValue : "\(folder)/\(rawValue)"
    return (
      try read("train", in: place, normalisation), try read("t10k", in: place, normalisation)
    )
  }

  private var normalisation: Normalisation? {
    switch self {
    case .glyphs: nil
    case .mnist: .mnist
    case .kmnist: .kmnist
    case .fashionMNIST: .fashionMNIST
    }
  }

  private func read(
    _ part: String, in folder: String, _ normalisation: Normalisation
  ) throws(DatasetError) -> ImageSet {
    let imageFile = try existing("\(part)-images-idx3-ubyte", in: folder)
    let labelFile = try existing("\(part)-labels-idx1-ubyte", in: folder)
    let images = try IDXFile.images(imageFile)
    guard images.rows == 28, images.columns == 28 else {
      throw DatasetError(
        imageFile, "has images of \(images.rows)×\(images.columns) pixels, not 28×28",
        remedy: "Put the files of \(rawValue) there.")
    }
    let labels = try IDXFile.labels(labelFile, classCount: 10)
    guard labels.count == images.count else {
      throw DatasetError(
        labelFile, "has \(labels.count) labels, but \(imageFile) has \(images.count) images",
        remedy: "Take both files from the same source.")
    }
    return ImageSet(
      name: rawValue, height: 28, width: 28, channels: 1, classCount: 10,
      normalisation: normalisation, pixels: images.pixels, labels: labels)
  }

  /// The compressed file if it is there, else the raw one.
  private func existing(_ name: String, in folder: String) throws(DatasetError) -> String {
    let path = "\(folder)/\(name)"
    for candidate in ["\(path).gz", path] where isFile(candidate) { return candidate }
    throw DatasetError(
      "\(path)[.gz]", "is missing",
      remedy:
        "Fetch it with scripts/fetch-data \(rawValue) DIR, or name another folder with --data.")
  }
}
