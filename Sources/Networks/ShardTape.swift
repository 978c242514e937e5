import Differentiation
import Tensors

/// A network with the losses of its examples, recorded for shards of one size.
///
/// What becomes of the losses (their mean, or a weighted one) is the caller's business: it seeds the
/// tape's pullback with its derivative.
public struct ShardTape<Number: Scalar> {
  /// The sealed tape; its output is `losses`.
  public let tape: Tape<Number>
  /// The images to fill: `[count, channels, height, width]`.
  public let images: Variable<Number>
  /// The labels to fill.
  public let labels: IntegerInput
  /// The logits after a replay: `[count, classes]`.
  public let logits: Variable<Number>
  /// The cross-entropy of each example after a replay: `[count]`.
  public let losses: Variable<Number>
  /// Examples in a shard.
  public let count: Int

  /// Records `network` on a tape for shards of `count` examples.
  public init(
    _ network: any Network, count: Int, passes: Tape<Number>.Passes,
    compute: ComputePrecision = .full
  ) {
    let tape = Tape<Number>(compute: compute)
    let shape = network.imageShape
    images = tape.input(
      .image(batch: count, channels: shape.channels, height: shape.height, width: shape.width))
    labels = tape.integerInput(.vector(count))
    let parameters = ParameterVariables(network.parameters, on: tape)
    logits = network.logits(of: images, with: parameters, on: tape)
    losses = tape.crossEntropy(logits, labels: labels)
    tape.seal(output: losses, passes: passes, keeping: [logits, losses])
    self.tape = tape
    self.count = count
  }

  /// The sum of the examples' losses after a replay.
  public var lossSum: Number { RowSums.total(losses.value, count: count) }

  /// Whether the largest logit (the first of equals) of an example is its label's.
  public func isRight(_ row: Int) -> Bool {
    let classes = logits.count / count
    let x = logits.value + row * classes
    var best = 0
    for c in 1..<max(1, classes) where x[c] > x[best] { best = c }
    return best == Int(labels.pointer[row])
  }

  /// How many examples are right.
  public var correctCount: Int { (0..<count).count(where: isRight) }
}
