/// What is wrong with settings: a sentence with a remedy, and those of them that are to blame.
///
/// The sentence calls them by plain words; whoever gave them names of his own, such as the keys of a
/// file, can add them.
public struct Complaint<Settings> {
  /// The settings to blame, the first of them most.
  public let blamed: [PartialKeyPath<Settings>]
  /// What is wrong and what to do.
  public let sentence: String

  /// A complaint.
  public init(_ blamed: [PartialKeyPath<Settings>], _ sentence: String) {
    self.blamed = blamed
    self.sentence = sentence
  }

  /// The same, with these settings being a part of others.
  public func within<Whole>(_ part: KeyPath<Whole, Settings>) -> Complaint<Whole> {
    let part: PartialKeyPath<Whole> = part
    return Complaint<Whole>(blamed.compactMap { part.appending(path: $0) }, sentence)
  }
}
