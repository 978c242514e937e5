import Datasets

extension Configuration {
  /// What does not go together about the user's own data, and keys that other sets would ignore.
  func ownDataConflict() -> ConfigurationConflict? {
    switch data.set {
    case .files: return filesConflict()
    case .text: return textConflict()
    default:
      if data.train != nil || data.test != nil || data.validationFile != nil {
        return ConfigurationConflict(
          keys: ["data.set", "data.train", "data.test", "data.validation-file"],
          sentence: "\(data.set.rawValue) is read from no file that a configuration names: set "
            + "data.set to files or text, or leave data.train, data.test and data.validation-file "
            + "out.")
      }
      if data.split == .file {
        return ConfigurationConflict(
          keys: ["data.split", "data.set"],
          sentence: "a file of one's own to validate on goes with data.set: files alone.")
      }
      return nil
    }
  }

  private func filesConflict() -> ConfigurationConflict? {
    for (key, path) in [("data.train", data.train), ("data.test", data.test)] where path == nil {
      return ConfigurationConflict(
        keys: [key, "data.set"],
        sentence: "data.set: files needs \(key), a file that ends in .safetensors, .npz, .npy or "
          + ".csv.")
    }
    if (data.split == .file) != (data.validationFile != nil) {
      return ConfigurationConflict(
        keys: ["data.split", "data.validation-file"],
        sentence: "data.split: file and data.validation-file go together: set both or neither.")
    }
    return nil
  }

  private func textConflict() -> ConfigurationConflict? {
    guard data.train != nil else {
      return ConfigurationConflict(
        keys: ["data.train", "data.set"], sentence: "data.set: text needs data.train, a file.")
    }
    if data.imbalance > 1 || data.labelNoise.share > 0 {
      return ConfigurationConflict(
        keys: data.imbalance > 1 ? ["data.imbalance"] : ["data.label-noise"],
        sentence: "a text has no classes: leave data.imbalance and data.label-noise out.")
    }
    if data.split == .balanced || data.split == .file {
      return ConfigurationConflict(
        keys: ["data.split"],
        sentence: "a text is always split into contiguous parts: leave data.split out.")
    }
    return nil
  }
}
