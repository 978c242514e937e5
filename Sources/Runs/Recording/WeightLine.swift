import Hypergradients
import Learning
import Networks
import Settings
import Storage

/// What the weights of training examples look like after a window: a line of `weights.jsonl`.
struct WeightLine {
  let task: Configuration.Task
  let hidden: Int
  let window: WindowRecord

  /// The losses at which a weight network is tabled: 0 to 10 in quarters.
  private static let losses = (0...40).map { Double($0) / 4 }

  /// The object; nil where examples are not weighted.
  var json: JSONValue? {
    let phi = window.after.loss
    let table: [JSONValue.Member]
    switch task {
    case .optimizer: return nil
    case .reweighting:
      let network = WeightNetwork(hidden: hidden)
      table = [
        .init("losses", .numbers(Self.losses)),
        .init(
          "weights",
          .numbers(Self.losses.map { network.weight(ofLoss: $0, hyperparameters: phi) })),
      ]
    case .classWeights:
      table = [.init("class_weights", .numbers(phi.map { ClassWeights.weight(raw: $0) }))]
    }
    return .object([.init("window", .integer(window.window))] + table)
  }
}
