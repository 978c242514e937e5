/// An error from a module that knows no options, no keys and not what the program is called.
///
/// There it carries facts; here it gets the sentence that the user reads.
package protocol WordedError: Error {
  /// What is wrong, and what to do, with the names of the options and the keys.
  var sentence: String { get }
}

extension Error {
  /// What the program says to its user about an error.
  package var words: String { (self as? any WordedError)?.sentence ?? "\(self)" }
}
