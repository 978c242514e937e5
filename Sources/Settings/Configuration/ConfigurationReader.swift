import Foundation
import Hypergradients

/// Builds a configuration in layers: a preset, a YAML file over it, `--set` over both.
///
///     var reader = ConfigurationReader(over: preset.configuration)
///     try reader.read(file: "mine.yaml")
///     try reader.set(["hyperparameters.learning-rate.initial=0.1"])
///     let configuration = try reader.checked()
///
/// Errors name the place (`FILE:LINE` or the `--set`), the dotted key and what would be legal.
package struct ConfigurationReader: Sendable {
  private var configuration: Configuration
  /// Where each key was last set by the user.
  private var places: [String: String] = [:]
  /// What the user should know although nothing is wrong: older names, and what they are called now.
  package private(set) var notes: [String] = []

  /// Starts with the configuration that the layers change.
  package init(over configuration: Configuration) { self.configuration = configuration }

  /// The configuration as far as single keys have been checked.
  package var unchecked: Configuration { configuration }

  /// Reads a YAML file over what is there.
  ///
  /// - Throws: ``ConfigurationError`` when the file cannot be read, is not YAML, has an unknown or
  ///   repeated key, or a value that is not legal.
  package mutating func read(file path: String) throws(ConfigurationError) {
    let text = try ConfigurationText(path)
    try read(yaml: text.yaml, name: text.name)
  }

  /// Reads a YAML text over what is there.
  ///
  /// A text without a key is refused, as it is more likely a file that could not be written than a
  /// wish; `{}` is a mapping, and changes nothing.
  ///
  /// - Parameters:
  ///   - yaml: the text.
  ///   - name: how errors call it.
  /// - Throws: ``ConfigurationError``, as ``read(file:)`` does.
  package mutating func read(yaml: String, name: String) throws(ConfigurationError) {
    try apply([ConfigurationLayer(yaml: yaml, name: name)], from: Self.folder(of: name))
  }

  /// Applies assignments `KEY=VALUE`; of two to the same key, the later one holds.
  ///
  /// - Throws: ``ConfigurationError``, as ``read(file:)`` does.
  package mutating func set(_ assignments: [String]) throws(ConfigurationError) {
    var layers: [ConfigurationLayer] = []
    for assignment in assignments { layers.append(try ConfigurationLayer(assignment: assignment)) }
    try apply(layers)
  }

  /// Sets one key from a command line option that stands for it.
  ///
  /// - Parameters:
  ///   - key: the dotted key.
  ///   - value: the value as `set` takes it.
  ///   - option: how errors call the option, such as `--grid`.
  /// - Throws: ``ConfigurationError``, as ``read(file:)`` does.
  package mutating func set(
    _ key: String, to value: String, option: String
  ) throws(ConfigurationError) {
    try apply([ConfigurationLayer(assignment: "\(key)=\(value)", place: "\(option) \(value)")])
  }

  /// The configuration, after the checks that need more than one key.
  ///
  /// Hyperparameters that the inner optimizer does not have go back to their defaults, unless the
  /// user set them, which is an error.
  ///
  /// - Throws: ``ConfigurationError`` with the place of a key to blame.
  package func checked() throws(ConfigurationError) -> Configuration {
    var configuration = configuration
    let defaults = ConfiguredHyperparameters()
    for name in HyperparameterName.allCases
    where !configuration.hyperparameterNames.contains(name) {
      let key = "hyperparameters.\(name.rawValue)"
      if let place = places.filter({ $0.key.hasPrefix(key + ".") }).values.min() {
        let optimizer = configuration.inner.optimizer.rawValue
        let names = configuration.hyperparameterNames.map(\.rawValue).joined(separator: ", ")
        throw ConfigurationError(
          place: place, key: key,
          sentence: "is no hyperparameter of \(optimizer) (inner.optimizer), which has \(names).")
      }
      configuration.hyperparameters[name] = defaults[name]
    }
    guard let conflict = configuration.conflict() else { return configuration }
    let place = conflict.keys.lazy.compactMap { places[$0] }.first
    throw ConfigurationError(place: place, key: conflict.keys.first, sentence: conflict.sentence)
  }

  /// - Parameter folder: where relative paths of data files begin.
  private mutating func apply(
    _ layers: [ConfigurationLayer], from folder: String = FileManager.default.currentDirectoryPath
  ) throws(ConfigurationError) {
    let entries = layers.flatMap(\.entries)
    try rejectTwoStarts(entries)
    for entry in entries {
      guard let setting = Configuration.settingsByKey[entry.key] else { continue }
      if let sentence = setting.read(entry.scalar, &configuration) {
        throw ConfigurationError(place: entry.place, key: entry.key, sentence: sentence)
      }
      configuration.data.beginPaths(in: folder)
      configuration.network.beginPath(in: folder)
      places[entry.key] = entry.place
      if let newer = setting.newerName(entry.scalar) {
        notes.append("\(entry.place): \(entry.key): \(newer)")
      }
    }
  }

  /// The folder of a configuration file; of a pipe the current one.
  private static func folder(of name: String) -> String {
    let current = FileManager.default.currentDirectoryPath
    // What is no file has a name such as "standard input", and what a shell's pipe is called no folder.
    guard name.contains("/"), !name.hasPrefix("/dev/"), !name.hasPrefix("/proc/") else {
      return current
    }
    let folder = name[..<(name.lastIndex(of: "/") ?? name.startIndex)]
    return name.hasPrefix("/") ? "\(folder)" : "\(current)/\(folder)"
  }

  /// `initial` and `raw` say the same thing in two ways: one of them would be ignored silently.
  private func rejectTwoStarts(_ entries: [ConfigurationLayer.Entry]) throws(ConfigurationError) {
    for name in HyperparameterName.allCases {
      let key = "hyperparameters.\(name.rawValue)"
      let starts = entries.filter { $0.key == "\(key).initial" || $0.key == "\(key).raw" }
      guard let last = starts.last, starts.contains(where: { $0.key != last.key }) else { continue }
      throw ConfigurationError(
        place: last.place, key: key,
        sentence: "has both initial (the value) and raw (the number before the transform). "
          + "Keep one of them.")
    }
  }
}
