/// What an operation's random numbers are a function of: the seed, the step and the examples of the
/// replay.
///
/// To be set before every replay of a tape on which something is drawn, such as
/// ``Tape/dropout(_:rate:)``. Random numbers that belong to (seed, step, example) are the same
/// wherever the example is trained on.
public final class ReplayDraws {
  /// The run's seed.
  public private(set) var seed: UInt64 = 0
  /// The inner step, from 0; nil where examples are only looked at: then nothing is drawn.
  public private(set) var step: Int?
  /// The number of each example of the shard in its set.
  public private(set) var examples: [Int] = []
  /// How many operations draw; each has its own number.
  public private(set) var layerCount = 0

  init() {}

  /// Says what the next replay draws for.
  ///
  /// Allocates nothing after the first time.
  public func set(seed: UInt64, step: Int?, examples: UnsafeBufferPointer<Int>) {
    self.seed = seed
    self.step = step
    guard layerCount > 0 else { return }
    self.examples.removeAll(keepingCapacity: true)
    self.examples.append(contentsOf: examples)
  }

  /// The number of an operation that draws, when it is made.
  public func makeLayer() -> Int {
    defer { layerCount += 1 }
    return layerCount
  }
}
