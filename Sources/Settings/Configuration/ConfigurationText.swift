import MessagePassing
import Storage

/// The text of a configuration that the user names: a file, a pipe such as `<(…)`, or `-`.
package struct ConfigurationText: Sendable {
  /// How errors call it.
  package let name: String
  /// The YAML.
  package let yaml: String
  /// Whether it is a file that can be read again.
  package let isFile: Bool

  /// A text that another rank has read.
  package init(name: String, yaml: String, isFile: Bool) {
    self.name = name
    self.yaml = yaml
    self.isFile = isFile
  }

  /// Reads a text of at most 1 MB to its end; what comes from a pipe is gone then.
  ///
  /// - Throws: ``ConfigurationError`` when it cannot be read, or is no text.
  package init(_ path: String) throws(ConfigurationError) {
    do throws(InputText.Problem) {
      let input = try InputText(path, isLaunched: LaunchEnvironment.ofThisProcess.isLaunched)
      self.init(name: input.name, yaml: input.text, isFile: input.isFile)
    } catch {
      throw ConfigurationError(
        place: InputText.name(of: path),
        sentence: error.sentence(option: "--config", wanted: "a YAML file"))
    }
  }
}
