/// A JSON document in a file of a run.
enum JSONFile {
  /// The document.
  ///
  /// - Throws: `FileError`, and `RecordError` where it is none.
  static func document(_ path: String) throws -> JSONValue {
    let input = try InputFile(path: path)
    let bytes = try input.bytes(at: 0..<input.size)
    do throws(JSONSyntaxError) {
      return try JSONValue(parsing: bytes)
    } catch {
      throw RecordError(path, "is not JSON: \(error). Take a copy of it that is not damaged.")
    }
  }
}
