import Storage

/// A JSON document in a file of a run.
package enum JSONFile {
  /// Reads a JSON document.
  ///
  /// - Throws: `FileError`, and `RecordError` if it is not JSON.
  package static func document(_ path: String) throws -> JSONValue {
    let bytes = try InputFile(path: path).all(limit: 1 << 28)
    do throws(JSONSyntaxError) {
      return try JSONValue(parsing: bytes)
    } catch {
      throw RecordError(path, "is not JSON: \(error). Take a copy of it that is not damaged.")
    }
  }
}
