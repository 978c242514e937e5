import Differentiation
import Tensors

/// A network with its loss, recorded for shards of one size.
///
/// The loss is `scale` times the sum of the cross-entropies of the shard's examples, so that the
/// sum over shards with scale 1/B is the mean over a minibatch of B.
public struct ShardTape<Number: Scalar> {
  /// The sealed tape.
  public let tape: Tape<Number>
  /// The images to fill: `[count, channels, height, width]`.
  public let images: Variable<Number>
  /// The labels to fill.
  public let labels: Labels
  /// The logits after a replay: `[count, classes]`.
  public let logits: Variable<Number>
  /// The cross-entropy of each example after a replay: `[count]`.
  public let losses: Variable<Number>
  /// Examples in a shard.
  public let count: Int
  private let loss: Variable<Number>

  /// Records `network` on a tape for shards of `count` examples.
  public init(
    _ network: any Network, count: Int, scale: Number, passes: Tape<Number>.Passes,
    compute: ComputePrecision = .full
  ) {
    let tape = Tape<Number>(compute: compute)
    let shape = network.imageShape
    images = tape.input(
      .image(batch: count, channels: shape.channels, height: shape.height, width: shape.width))
    labels = Labels(count: count)
    let parameters = ParameterVariables(network.parameters, on: tape)
    logits = network.logits(of: images, with: parameters, on: tape)
    losses = tape.crossEntropy(logits, labels: labels)
    loss = tape.sum(losses, scale: scale)
    tape.seal(output: loss, passes: passes, keeping: [logits, losses])
    self.tape = tape
    self.count = count
  }

  /// The shard's part of the mean loss after a replay: `scale` times the sum of its losses.
  public var meanLoss: Double { Double(loss.value[0]) }

  /// The number of examples whose largest logit (the first of equals) is their label's.
  public var correctCount: Int {
    let classes = logits.count / count
    return (0..<count).count { row in
      let x = logits.value + row * classes
      var best = 0
      for c in 1..<max(1, classes) where x[c] > x[best] { best = c }
      return best == Int(labels.pointer[row])
    }
  }
}
