/// Reads the two arrays of a part, in whatever format.
struct PartReader {
  struct Arrays {
    let inputs, targets: StoredArray
    /// Of a table.
    var form: CSVTable.Form?
  }

  let source: ArraySource

  init(_ source: ArraySource) { self.source = source }

  func arrays(_ part: ArraySource.Part, like other: Arrays?) throws(DatasetError) -> Arrays {
    let arrays = try read(part, like: other)
    guard arrays.inputs.count == arrays.targets.count else {
      throw DatasetError(
        arrays.targets.name,
        "has \(arrays.targets.count) rows, but \(arrays.inputs.name) has \(arrays.inputs.count)",
        remedy: "Each example needs a row in both.")
    }
    if let other {
      try require(arrays.inputs, like: other.inputs)
      try require(arrays.targets, like: other.targets)
    }
    return arrays
  }

  private func require(
    _ array: StoredArray, like other: StoredArray
  ) throws(DatasetError) {
    guard array.type == other.type, array.rowShape == other.rowShape else {
      throw DatasetError(
        array.name,
        "has rows of \(array.type.rawValue) \(array.rowShape), but those of \(other.name) are "
          + "\(other.type.rawValue) \(other.rowShape)",
        remedy: "Save all parts alike.")
    }
  }

  private func read(_ part: ArraySource.Part, like other: Arrays?) throws(DatasetError) -> Arrays {
    let (inputs, targets) = (source.inputs ?? "inputs", source.targets ?? "targets")
    let path = part.path
    guard part.targets == nil || path.hasSuffix(".npy") else {
      throw DatasetError(
        path, "holds its targets itself, and another file was named for them",
        remedy: "Only .npy files come in pairs.")
    }
    switch path.split(separator: ".").last.map(String.init) {
    case "safetensors":
      return Arrays(
        inputs: try TensorFile.array(path, inputs), targets: try TensorFile.array(path, targets))
    case "npz":
      return Arrays(
        inputs: try NPZFile.array(path, inputs), targets: try NPZFile.array(path, targets))
    case "npy":
      guard let own = part.targets else {
        throw DatasetError(
          path, "holds one array, and no file was named for its targets",
          remedies: [.nameTargets])
      }
      return Arrays(inputs: try NPYFile.array(path), targets: try NPYFile.array(own))
    case "csv":
      let table = try CSVTable(
        path, inputs: source.inputs, target: targets, like: other?.form)
      return Arrays(inputs: table.inputs, targets: table.targets, form: table.form)
    default:
      throw DatasetError(
        path, "has a name that ends in none of .safetensors, .npz, .npy and .csv",
        remedy: "The ending says how a file is read.")
    }
  }
}
