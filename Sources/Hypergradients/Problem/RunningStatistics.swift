/// Entries of θ that follow what minibatches measure instead of being trained, such as the running
/// mean of a batch normalisation: r ← m r + (1 − m) s after every step, where s was measured with the
/// parameters before it.
///
/// They are part of θ, so that checkpoints, retreats and repeated steps keep them; optimizers do not
/// touch them. They have no derivatives, as in PyTorch: a validation loss that reads them is
/// differentiated as if they were constants.
public struct RunningStatistics: Equatable, Sendable {
  /// Their place in θ.
  public let range: Range<Int>
  /// m, in [0, 1].
  public let momentum: Double

  /// Statistics at a place.
  public init(_ range: Range<Int>, momentum: Double) {
    precondition(
      momentum >= 0 && momentum <= 1, "running statistics keep \(momentum) of themselves")
    self.range = range
    self.momentum = momentum
  }
}
