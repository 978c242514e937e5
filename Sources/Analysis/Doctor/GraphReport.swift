import Foundation
import Learning
import ONNX
import Presentation
import Settings

/// What `glocal-dist doctor FILE` prints: all that a run would do with a model.
package struct GraphReport: Sendable {
  /// The page.
  package let lines: [String]
  /// Whether the model can be trained.
  package let isTrainable: Bool

  /// A report on a file.
  ///
  /// - Parameter choices: what is trained, against the rule.
  package init(_ path: String, _ choices: ONNXModel.Choices = ONNXModel.Choices()) {
    var lines = [path]
    do throws(ModelProblems) {
      let graph = try ONNXModel(contentsOf: path, choices: choices)
      let (trial, problems) = Self.trial(of: graph)
      lines += Self.facts(of: graph, trial) + Self.parameters(of: graph)
      lines += Self.constants(of: graph) + Self.remarks(on: graph) + Self.work(trial)
      isTrainable = problems.isEmpty
      lines += isTrainable ? ["", "It can be trained."] : Self.listed(problems)
    } catch {
      isTrainable = false
      lines += Self.listed(error.problems)
    }
    self.lines = lines
  }

  private static func listed(_ problems: [ModelProblem]) -> [String] {
    let count = problems.count == 1 ? "this problem" : "these \(problems.count) problems"
    // Which operators are supported is said once.
    let mark = "; supported are "
    let texts = problems.map { "\($0)".components(separatedBy: mark) }
    let supported = texts.first { $0.count > 1 }.map { ["", "supported are \($0[1])"] } ?? []
    return ["", "It cannot be trained because of \(count):"] + texts.map { "  \($0[0])" }
      + supported
  }

  // MARK: Facts

  private static func facts(of graph: ONNXModel, _ trial: GraphTrial?) -> [String] {
    let operators = graph.operators.map { $0.count == 1 ? $0.name : "\($0.name) \($0.count)" }
    let lines =
      [("opset", "\(graph.opset)"), ("operators", operators.joined(separator: ", "))]
      + graph.inputs.map { ("input", words(of: $0)) }
      + graph.outputs.map { ("output", words(of: $0)) } + [("wants", wanted(by: graph, trial))]
    return lines.map { name, text in
      name + String(repeating: " ", count: 11 - name.count) + text
    }
  }

  private static func words(of port: GraphPort) -> String {
    let axes = port.dimensions.map { axes in
      "[\(axes.map { $0.map(String.init) ?? "?" }.joined(separator: ", "))]"
    }
    return [port.name, port.type?.rawValue, axes].compactMap(\.self).joined(separator: " ")
  }

  /// Which data it takes.
  private static func wanted(by graph: ONNXModel, _ trial: GraphTrial?) -> String {
    guard let input = graph.inputs.first, let axes = input.dimensions?.dropFirst() else {
      return "inputs of any shape"
    }
    let shape = "[\(axes.map { $0.map(String.init) ?? "?" }.joined(separator: ", "))]"
    guard input.type?.isFloat != false else {
      let rows = trial?.vocabulary.map { " in 0 ..< \($0)" } ?? ""
      return "whole numbers\(rows), \(shape) for an example"
    }
    return "numbers, \(shape) for an example"
      + (axes.count == 3 ? ": images as [channels, height, width]" : "")
  }

  private static func parameters(of graph: ONNXModel) -> [String] {
    let count = graph.parameters.reduce(0) { $0 + $1.values.count }
    let rows = graph.parameters.map { ["  \($0.name)", "\($0.dimensions)", "\($0.values.count)"] }
    return ["", "trained: \(graph.parameters.count) tensors, \(count) numbers"]
      + TextTable(header: ["  name", "shape", "numbers"], rows: rows, leftAligned: [0, 1]).lines
  }

  private static func constants(of graph: ONNXModel) -> [String] {
    guard !graph.constants.isEmpty else { return [] }
    let rows = graph.constants.map { ["  \($0.name)", "\($0.dimensions)", $0.reason] }
    return ["", "not trained:"]
      + TextTable(header: ["  name", "shape", "why"], rows: rows, leftAligned: [0, 1, 2]).lines
  }

  private static func remarks(on graph: ONNXModel) -> [String] {
    let all = graph.hints
    return all.isEmpty ? [] : ["", "remarks:"] + all.map { "  \($0)" }
  }

  // MARK: A trial

  /// The graph recorded once, or why it cannot be.
  private static func trial(
    of graph: ONNXModel
  ) -> (trial: GraphTrial?, problems: [ModelProblem]) {
    guard graph.inputs.count == 1 else {
      let names = graph.inputs.map(\.name).joined(separator: ", ")
      return (
        nil,
        [
          ModelProblem(
            "\(graph.inputs.count) inputs (\(names)), and only models that take one can be trained")
        ]
      )
    }
    do throws(ModelProblems) {
      return (try GraphTrial(graph, count: Configuration().parallel.shard), [])
    } catch {
      return (nil, error.problems)
    }
  }

  private static func work(_ trial: GraphTrial?) -> [String] {
    guard let trial else { return [] }
    let batch = Configuration().inner.batch
    return [
      "",
      "products of an example: \(operations(trial.gradientOperations)) for the gradient, "
        + "\(operations(trial.tangentOperations)) for each tangent",
      "products of a step with a batch of \(batch): "
        + "\(operations(trial.gradientOperations * Double(batch))), and "
        + "\(operations(trial.tangentOperations * Double(batch))) for each hyperparameter",
    ]
  }

  private static func operations(_ count: Double) -> String {
    for (unit, size) in [("TFLOP", 1e12), ("GFLOP", 1e9), ("MFLOP", 1e6), ("kFLOP", 1e3)]
    where count >= size {
      return "\(NumberText.brief(count / size)) \(unit)"
    }
    return "\(Int(count)) FLOP"
  }
}
