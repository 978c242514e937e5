import Differentiation
import Hypergradients
import Networks
import Tensors

/// The memory of a rank, computed from the engine's buffers.
struct MemoryModel {
  /// p, the number of parameters.
  let parameterCount: Int
  /// Bytes per element.
  let numberSize: Int
  /// The number of the inner optimizer's state jets.
  let stateCount: Int
  /// The bytes of the arenas of the tapes for tangents, gradients and values.
  let arenaBytes: Int
  /// The bytes of all images.
  let imageBytes: Int
  let work: WindowWork
  let plan: TrajectoryPlan
  let sums: SumKind

  /// How partial sums are stored.
  enum SumKind {
    case tree, running
  }

  /// The program with its libraries, before it has read anything.
  private static let programBytes = 90_000_000

  /// More than any machine has; the result if the sum overflows.
  private static let mostBytes = 1 << 60

  /// The bytes of the busiest rank.
  func bytes(_ choice: GridChoice) -> Int {
    let vector = Jet<Float>.stride(count: parameterCount) * numberSize
    let shards = (work.shards + choice.data - 1) / choice.data
    let ranks = choice.columns * choice.data
    let validationShards = (work.validationShards + ranks - 1) / ranks
    let tangents: Int
    var vectors: Int
    switch choice.mode {
    case .forward:
      tangents = (work.hyperparameters + choice.columns - 1) / choice.columns
      // θ, the optimizer's jets and the gradient, each with its columns.
      vectors = (2 + stateCount) * (1 + tangents)
    case .reverse:
      tangents = (work.observed + choice.columns - 1) / choice.columns
      // θ and the optimizer's state; the lanes; direction and response; the gradient.
      vectors = 1 + stateCount + tangents * (1 + stateCount) + 2 * (1 + tangents) + 1
    case .implicit:
      tangents = work.implicit?.lanes ?? 1
      // θ and the optimizer's state; direction and response; b, its residual, a conjugate
      // direction.
      vectors = 1 + stateCount + 2 * (1 + tangents) + 3 + 1
    }
    let received = choice.data > 1 ? 2 : 0
    vectors += (1 + tangents) * (depth(shards) + received)
    // The window's start, the validation gradient with its sum, the initial and the best
    // parameters.
    vectors += 1 + stateCount + 2 + depth(validationShards) + (ranks > 1 ? 2 : 0) + 2
    let trajectory = choice.mode == .reverse ? plan.bytes : 0
    let bytes =
      Double(Self.programBytes + arenaBytes + imageBytes) + Double(vectors) * Double(vector)
      + Double(trajectory)
    return bytes < Double(Self.mostBytes) ? Int(bytes) : Self.mostBytes
  }

  /// The maximum number of partial sums at a time.
  private func depth(_ shards: Int) -> Int {
    switch sums {
    case .running: return min(2, max(1, shards))
    case .tree:
      var depth = 1
      while 1 << depth <= shards { depth += 1 }
      return depth
    }
  }
}
