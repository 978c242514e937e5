/// Where the files of a data set may lie, and what they may be called.
struct DatasetLayout {
  /// Folders below that of all sets, the usual one first; empty for that folder itself.
  let folders: [String]
  /// The files by their official names.
  let files: [String]
  /// Whether files may be compressed with gzip; MAT files are compressed inside.
  let mayBeCompressed: Bool

  /// The names that a file may have, in the order in which they are looked for.
  ///
  /// The raw file first: torchvision leaves both, and reads this one.
  func names(of file: String) -> [String] {
    // Some mirrors write train-images.idx3-ubyte.
    let dotted = file.contains("-idx") ? [file.replacing("-idx", with: ".idx")] : []
    return ([file] + dotted).flatMap { mayBeCompressed ? [$0, $0 + ".gz"] : [$0] }
  }

  /// The layout of a set; glyphs have no files.
  init(_ set: DatasetName) {
    let digits = ["train", "t10k"].flatMap {
      ["\($0)-images-idx3-ubyte", "\($0)-labels-idx1-ubyte"]
    }
    mayBeCompressed = set != .svhn
    switch set {
    case .glyphs: (folders, files) = ([], [])
    case .mnist: (folders, files) = (["mnist", "MNIST/raw"], digits)
    case .kmnist: (folders, files) = (["kmnist", "KMNIST/raw"], digits)
    case .fashionMNIST: (folders, files) = (["fashion-mnist", "FashionMNIST/raw"], digits)
    case .cifar10:
      let unpacked = "cifar-10-batches-bin"
      folders = ["cifar-10", unpacked, "cifar-10/\(unpacked)"]
      files = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
    case .cifar100:
      let unpacked = "cifar-100-binary"
      folders = ["cifar-100", unpacked, "cifar-100/\(unpacked)"]
      files = ["train.bin", "test.bin"]
    case .svhn: (folders, files) = (["svhn", ""], ["train_32x32.mat", "test_32x32.mat"])
    }
  }
}
