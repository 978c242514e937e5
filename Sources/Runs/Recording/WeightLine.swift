import Hypergradients
import Learning
import Settings
import Storage

/// Statistics of the training examples' weights after a window: a line of `weights.jsonl`.
struct WeightLine {
  let weighting: any ExampleWeighting
  let window: WindowRecord

  /// The line as JSON.
  var json: JSONValue {
    let table = weighting.table(hyperparameters: window.after.loss)
    var members: [JSONValue.Member] = [.init("window", .integer(window.window))]
    if let losses = table.losses {
      members.append(.init("losses", .numbers(losses.map(\.loss))))
      members.append(.init("weights", .numbers(losses.map(\.weight))))
    }
    if let classes = table.classes { members.append(.init("class_weights", .numbers(classes))) }
    if let examples = table.examples {
      members.append(
        .init(
          "example_weights",
          [
            "least": .number(examples.least), "mean": .number(examples.mean),
            "greatest": .number(examples.greatest),
          ]))
    }
    return .object(members)
  }
}
