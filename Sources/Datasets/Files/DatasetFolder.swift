/// The folder of one data set, with its official files, compressed or not.
struct DatasetFolder {
  let path: String
  let name: String

  /// MNIST and its relatives: four IDX files of 28×28 images in ten classes.
  func digits(
    _ normalisation: Normalisation
  ) throws(DatasetError) -> (train: ImageSet, test: ImageSet) {
    (try readIDX("train", normalisation), try readIDX("t10k", normalisation))
  }

  /// CIFAR-10: the batches from `data_batch_1.bin` on, as many as there are, and `test_batch.bin`.
  func cifar10() throws(DatasetError) -> (train: ImageSet, test: ImageSet) {
    var batches = [try existing("data_batch_1.bin")]
    for number in 2...5 {
      guard let batch = find("data_batch_\(number).bin") else { break }
      batches.append(batch)
    }
    return (
      try readCIFAR(batches, 1, classes: 10, .cifar10),
      try readCIFAR([try existing("test_batch.bin")], 1, classes: 10, .cifar10)
    )
  }

  /// CIFAR-100: `train.bin` and `test.bin`, with the fine labels.
  func cifar100() throws(DatasetError) -> (train: ImageSet, test: ImageSet) {
    (
      try readCIFAR([try existing("train.bin")], 2, classes: 100, .cifar100),
      try readCIFAR([try existing("test.bin")], 2, classes: 100, .cifar100)
    )
  }

  /// SVHN's cropped digits: `train_32x32.mat` and `test_32x32.mat`, which nobody packs with gzip
  /// because they are compressed inside.
  func svhn() throws(DatasetError) -> (train: ImageSet, test: ImageSet) {
    (try readSVHN("train_32x32.mat"), try readSVHN("test_32x32.mat"))
  }

  private func readSVHN(_ file: String) throws(DatasetError) -> ImageSet {
    guard isFile("\(path)/\(file)") else { throw missing("\(path)/\(file)") }
    let digits = try SVHNFile("\(path)/\(file)")
    return ImageSet(
      name: name, height: 32, width: 32, channels: 3, classCount: 10, normalisation: .svhn,
      pixels: digits.pixels, labels: digits.labels)
  }

  private func readIDX(
    _ part: String, _ normalisation: Normalisation
  ) throws(DatasetError) -> ImageSet {
    let imageFile = try existing("\(part)-images-idx3-ubyte")
    let labelFile = try existing("\(part)-labels-idx1-ubyte")
    let images = try IDXFile.images(imageFile)
    guard images.rows == 28, images.columns == 28 else {
      throw DatasetError(
        imageFile, "has images of \(images.rows)×\(images.columns) pixels, not 28×28",
        remedy: "Put the files of \(name) there.")
    }
    let labels = try IDXFile.labels(labelFile, classCount: 10)
    guard labels.count == images.count else {
      throw DatasetError(
        labelFile, "has \(labels.count) labels, but \(imageFile) has \(images.count) images",
        remedy: "Take both files from the same source.")
    }
    return ImageSet(
      name: name, height: 28, width: 28, channels: 1, classCount: 10,
      normalisation: normalisation, pixels: images.pixels, labels: labels)
  }

  private func readCIFAR(
    _ files: [String], _ labelsPerRecord: Int, classes: Int, _ normalisation: Normalisation
  ) throws(DatasetError) -> ImageSet {
    var labels: [UInt8] = []
    var pixels: [UInt8] = []
    for file in files {
      let part = try CIFARFile(file, labelsPerRecord: labelsPerRecord, classCount: classes)
      labels += part.labels
      pixels += part.pixels
    }
    return ImageSet(
      name: name, height: 32, width: 32, channels: 3, classCount: classes,
      normalisation: normalisation, pixels: pixels, labels: labels)
  }

  /// The compressed file if it is there, else the raw one.
  private func existing(_ file: String) throws(DatasetError) -> String {
    if let found = find(file) { return found }
    throw missing("\(path)/\(file)[.gz]")
  }

  private func missing(_ file: String) -> DatasetError {
    DatasetError(
      file, "is missing",
      remedy: "Fetch it with scripts/fetch-data \(name) DIR, or name another folder with --data.")
  }

  private func find(_ file: String) -> String? {
    ["\(path)/\(file).gz", "\(path)/\(file)"].first { isFile($0) }
  }
}
