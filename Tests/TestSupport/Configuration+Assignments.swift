import Settings

/// The preset `glyphs` with assignments over it, checked.
package func configuration(_ assignments: [String] = []) throws(ConfigurationError) -> Configuration
{
  var reader = ConfigurationReader(over: Preset.glyphs.configuration)
  try reader.set(assignments)
  return try reader.checked()
}

/// The preset `glyphs` with a YAML text over it, checked.
package func configuration(yaml: String) throws(ConfigurationError) -> Configuration {
  var reader = ConfigurationReader(over: Preset.glyphs.configuration)
  try reader.read(yaml: yaml, name: "mine.yaml")
  return try reader.checked()
}

/// The error of assignments; nil where they are taken.
package func error(of assignments: [String]) -> ConfigurationError? {
  do throws(ConfigurationError) {
    _ = try configuration(assignments)
    return nil
  } catch {
    return error
  }
}

/// The error of a YAML text; nil where it is taken.
package func error(yaml: String) -> ConfigurationError? {
  do throws(ConfigurationError) {
    _ = try configuration(yaml: yaml)
    return nil
  } catch {
    return error
  }
}
