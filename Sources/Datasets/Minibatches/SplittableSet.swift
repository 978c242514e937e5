/// Examples that can be chosen from, as splits, long tails and label noise need them.
public protocol SplittableSet: Sendable {
  /// What reports call the set.
  var name: String { get }
  /// How many examples there are.
  var count: Int { get }
  /// Labels are 0 ..< classes; nil where the targets are no classes.
  var classes: Int? { get }
  /// The label of an example.
  ///
  /// - Precondition: the targets are classes.
  func label(at index: Int) -> Int
  /// How many examples of every class there are; empty where the targets are no classes.
  var classHistogram: [Int] { get }
  /// The examples at some indices, in that order.
  func selecting(_ indices: some Sequence<Int>) -> Self
  /// The examples with other labels for some of them.
  func relabelled(_ changes: [(image: Int, label: Int)]) -> Self
}

extension ImageSet: SplittableSet {
  /// The set's classes.
  public var classes: Int? { classCount }
}
