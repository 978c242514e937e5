import Learning
import ONNX

extension Configuration {
  /// Whether the parameters start where some training may have left them.
  package var startsTrained: Bool {
    initial.parameters != nil || (network.path != nil && !initial.draw)
  }

  /// Reads the user's own model.
  ///
  /// - Throws: `RunError` that names the file, what is wrong with it, and the remedy.
  package func graph(_ path: String) throws(RunError) -> ONNXModel {
    var choices = ONNXModel.Choices()
    choices.freeze = networkFreeze.patterns
    choices.train = networkTrain.patterns
    choices.ties = networkTie == .auto
    do throws(ModelProblems) {
      return try ONNXModel(contentsOf: path, choices: choices)
    } catch {
      throw Self.error(path, GraphRefusal(error))
    }
  }

  /// The user's own model for examples.
  func graphModel(
    _ path: String, for examples: ExampleDescription, of source: String
  ) throws(RunError) -> GraphModel {
    let graph = try graph(path)
    do throws(GraphRefusal) {
      return try GraphModel(
        graph, name: String(path.split(separator: "/").last ?? "model"), for: examples,
        shard: parallel.shard, draws: initial.draw)
    } catch {
      throw Self.error(path, error, data: source)
    }
  }

  /// What is said of a model that cannot be trained.
  ///
  /// - Parameter source: what the data are called; nil where they have nothing to do with it.
  package static func error(
    _ path: String, _ refusal: GraphRefusal, data source: String? = nil
  ) -> RunError {
    let others =
      switch refusal.others {
      case 0: ""
      case 1: " There is one more problem."
      default: " There are \(refusal.others) more problems."
      }
    return RunError(
      "\(path): \(refusal)\(source.map { " (\($0))" } ?? "").\(others) All about the file: glocal-dist doctor "
        + "\(path)")
  }
}
