// What the files of a set hold: all of it, or only as many images as they announce.
extension DatasetFolder {
  /// Both parts of the set.
  ///
  /// - Parameter allowsFewer: whether CIFAR may have fewer images than the official files.
  /// - Throws: `DatasetError` that names the file, what is wrong and what to do.
  func load(
    allowsFewer: Bool
  ) throws(DatasetError) -> (train: ImageSet, test: ImageSet) {
    (try load(.train, allowsFewer), try load(.test, allowsFewer))
  }

  /// How many images both parts announce in their headers and by their length.
  ///
  /// - Throws: as `load` does, but for what only reading everything would show.
  func announcedCounts(
    allowsFewer: Bool
  ) throws(DatasetError) -> (train: Int, test: Int) {
    (try announcedCount(.train, allowsFewer), try announcedCount(.test, allowsFewer))
  }

  private func load(_ part: DatasetPart, _ allowsFewer: Bool) throws(DatasetError) -> ImageSet {
    switch set {
    case .glyphs: preconditionFailure("glyphs are embedded")
    case .mnist: return try digits(part, .mnist)
    case .kmnist: return try digits(part, .kmnist)
    case .fashionMNIST: return try digits(part, .fashionMNIST)
    case .cifar10: return try photographs(part, .cifar10, allowsFewer)
    case .cifar100: return try photographs(part, .cifar100, allowsFewer)
    case .svhn:
      let file = try existing("\(part.rawValue)_32x32.mat")
      let digits = try reading(file) { path throws(DatasetError) in try SVHNFile(path) }
      return ImageSet(
        name: set.rawValue, height: 32, width: 32, channels: 3, classCount: 10,
        normalisation: .svhn, pixels: digits.pixels, labels: digits.labels)
    }
  }

  private func announcedCount(
    _ part: DatasetPart, _ allowsFewer: Bool
  ) throws(DatasetError) -> Int {
    switch set {
    case .glyphs: preconditionFailure("glyphs are embedded")
    case .mnist, .kmnist, .fashionMNIST:
      let (imageFile, labelFile) = try digitFiles(part)
      let images = try IDXFile.announced(imageFile, .images)
      let labels = try IDXFile.announced(labelFile, .labels)
      try checkDigits(images, labels[0], imageFile, labelFile)
      return images[0]
    case .cifar10, .cifar100:
      let form = photographForm(part, allowsFewer)
      var count = 0
      for file in try photographFiles(part, allowsFewer) {
        count += try CIFARFile.announcedCount(file, form)
      }
      return count
    case .svhn: return try SVHNFile.announcedCount(try existing("\(part.rawValue)_32x32.mat"))
    }
  }

  // MARK: MNIST and its relatives: IDX files of 28×28 images in ten classes.

  private func digitFiles(
    _ part: DatasetPart
  ) throws(DatasetError) -> (images: String, labels: String) {
    let start = part == .train ? "train" : "t10k"
    return (
      try existing("\(start)-images-idx3-ubyte"), try existing("\(start)-labels-idx1-ubyte")
    )
  }

  private func digits(
    _ part: DatasetPart, _ normalisation: Normalisation
  ) throws(DatasetError) -> ImageSet {
    let (imageFile, labelFile) = try digitFiles(part)
    let images = try reading(imageFile) { path throws(DatasetError) in
      try IDXFile.images(path)
    }
    let labels = try reading(labelFile) { path throws(DatasetError) in
      try IDXFile.labels(path, classCount: 10)
    }
    try checkDigits(
      [images.count, images.rows, images.columns], labels.count, imageFile, labelFile)
    return ImageSet(
      name: set.rawValue, height: 28, width: 28, channels: 1, classCount: 10,
      normalisation: normalisation, pixels: images.pixels, labels: labels)
  }

  private func checkDigits(
    _ images: [Int], _ labels: Int, _ imageFile: String, _ labelFile: String
  ) throws(DatasetError) {
    guard images[1] == 28, images[2] == 28 else {
      throw DatasetError(
        imageFile, "has images of \(images[1])×\(images[2]) pixels, not 28×28",
        remedy: "Put the files of \(set.rawValue) there.")
    }
    guard labels == images[0] else {
      throw DatasetError(
        labelFile, "has \(labels) labels, but \(imageFile) has \(images[0]) images",
        remedy: "Take both files from the same source.")
    }
  }

  // MARK: CIFAR

  private func photographForm(_ part: DatasetPart, _ allowsFewer: Bool) -> CIFARFile.Form {
    set == .cifar10
      ? CIFARFile.Form(
        labelsPerRecord: 1, classCount: 10, officialCount: 10_000, allowsFewer: allowsFewer)
      : CIFARFile.Form(
        labelsPerRecord: 2, classCount: 100, officialCount: part == .train ? 50_000 : 10_000,
        allowsFewer: allowsFewer)
  }

  private func photographFiles(
    _ part: DatasetPart, _ allowsFewer: Bool
  ) throws(DatasetError) -> [String] {
    guard part == .train else {
      return [try existing(set == .cifar10 ? "test_batch.bin" : "test.bin")]
    }
    guard set == .cifar10 else { return [try existing("train.bin")] }
    let names = (1...5).map { "data_batch_\($0).bin" }
    let found = names.map(find)
    let last = found.lastIndex { $0 != nil } ?? 0
    if let gap = found[...last].firstIndex(of: nil) {
      let error = missing(names[gap])
      // What was looked for in vain is told above; here a batch behind the gap was found.
      guard last > gap else { throw error }
      throw DatasetError(
        error.path, "is missing, but \(names[last]) is there",
        remedy: "Fetch all batches with scripts/fetch-data cifar-10 DIR.")
    }
    guard last == 4 || allowsFewer else {
      throw DatasetError(
        missing(names[last + 1]).path, "is missing: only \(last + 1) of the 5 batches are there",
        remedies: [
          .advice("Fetch all batches with scripts/fetch-data cifar-10 DIR."), .allowFewer,
        ])
    }
    return found.compactMap(\.self)
  }

  private func photographs(
    _ part: DatasetPart, _ normalisation: Normalisation, _ allowsFewer: Bool
  ) throws(DatasetError) -> ImageSet {
    let form = photographForm(part, allowsFewer)
    var labels: [UInt8] = []
    var pixels: [UInt8] = []
    for file in try photographFiles(part, allowsFewer) {
      let batch = try reading(file) { path throws(DatasetError) in try CIFARFile(path, form) }
      labels += batch.labels
      pixels += batch.pixels
    }
    return ImageSet(
      name: set.rawValue, height: 32, width: 32, channels: 3, classCount: form.classCount,
      normalisation: normalisation, pixels: pixels, labels: labels)
  }

  /// Reads a file; of a bad one, a compressed copy beside it is part of the remedy.
  private func reading<Result>(
    _ file: String, _ read: (String) throws(DatasetError) -> Result
  ) throws(DatasetError) -> Result {
    do throws(DatasetError) {
      return try read(file)
    } catch {
      guard !file.hasSuffix(".gz"), Self.exists(file + ".gz") else { throw error }
      throw DatasetError(
        error.path, error.problem,
        remedies: error.remedies + [
          .advice("Without it, \(file).gz beside it would be read.")
        ])
    }
  }
}
