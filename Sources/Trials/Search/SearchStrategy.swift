/// What a search does with weak trials.
package enum SearchStrategy: String, CaseIterable, Sendable {
  /// Successive halving: they are left at rungs.
  case halving
  /// All trials train to the end.
  case all
  /// Population-based training: they take over the best.
  case pbt
}
