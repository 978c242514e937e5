/// Something in a configuration that cannot be run, as one sentence with its remedy.
package struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where it was said: `FILE:LINE`, `--set KEY=VALUE`, or nothing when no single place is to blame.
  package let place: String?
  /// The dotted key, such as `window.length`, when one key is to blame.
  package let key: String?
  /// What is wrong and what to do.
  package let sentence: String

  /// An error at a place, about a key.
  package init(place: String? = nil, key: String? = nil, sentence: String) {
    self.place = place
    self.key = key
    self.sentence = sentence
  }

  /// `FILE:LINE: KEY: SENTENCE`, without what is not known.
  package var description: String {
    // `--set window.observed=60` names its key already; a file's name says nothing about keys.
    let said = key.map { place?.hasPrefix("--") == true && place?.contains($0) == true } ?? false
    return [place, said ? nil : key, sentence].compactMap { $0 }.joined(separator: ": ")
  }
}
