/// The text of a configuration that the user names: a file, a pipe such as `<(…)`, or `-`.
public struct ConfigurationText: Sendable {
  /// How errors call it.
  public let name: String
  /// The YAML.
  public let yaml: String
  /// Whether it is a file that can be read again.
  public let isFile: Bool

  /// A text that another rank has read.
  public init(name: String, yaml: String, isFile: Bool) {
    self.name = name
    self.yaml = yaml
    self.isFile = isFile
  }

  /// Reads a text of at most 1 MB to its end; what comes from a pipe is gone then.
  ///
  /// - Throws: ``ConfigurationError`` when it cannot be read, or is no text.
  public init(_ path: String) throws(ConfigurationError) {
    do throws(InputText.Problem) {
      let input = try InputText(path)
      self.init(name: input.name, yaml: input.text, isFile: input.isFile)
    } catch {
      throw ConfigurationError(
        place: InputText.name(of: path),
        sentence: error.sentence(option: "--config", wanted: "a YAML file"))
    }
  }
}
