/// An invalid setting: a sentence that says what is wrong and how to fix it, and the settings at
/// fault.
///
/// The sentence uses plain words for the settings; callers with their own names for them, such as
/// keys of a file, can add those.
public struct Complaint<Settings> {
  /// The settings at fault, most important first.
  public let blamed: [PartialKeyPath<Settings>]
  /// What is wrong and how to fix it.
  public let sentence: String

  /// Creates a complaint.
  public init(_ blamed: [PartialKeyPath<Settings>], _ sentence: String) {
    self.blamed = blamed
    self.sentence = sentence
  }

  /// The same complaint about settings nested in other settings.
  public func within<Whole>(_ part: KeyPath<Whole, Settings>) -> Complaint<Whole> {
    let part: PartialKeyPath<Whole> = part
    return Complaint<Whole>(blamed.compactMap { part.appending(path: $0) }, sentence)
  }
}
