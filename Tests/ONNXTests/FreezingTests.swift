import Testing

@testable import ONNX

/// Models of which some tensors are not trained: what is left has the derivatives that it has in the whole.
@Suite("Frozen tensors") struct FreezingTests {
  private struct Derivatives {
    var gradient: [String: [Double]] = [:]
    var tangent: [String: [Double]] = [:]
  }

  /// The derivatives by parameter, the tangent along a direction in which some stay.
  private func derivatives(
    _ model: ONNXModel, _ data: Safetensor, still: Set<String>
  ) throws -> Derivatives {
    let recorded = try RecordedModel(model, data, records: [0, 1], passes: .tangents)
    let direction = model.parameters.flatMap { parameter in
      parameter.values.indices.map {
        still.contains(parameter.name)
          ? 0 : Double(($0 * 7 + parameter.name.utf8.count) % 11) / 11 - 0.4
      }
    }
    let seed = (0..<recorded.output.count).map { Double(($0 * 5) % 13) / 13 - 0.45 }
    let found = recorded.gradient(at: recorded.parameters, seed: seed, along: direction)
    var result = Derivatives()
    var offset = 0
    for parameter in model.parameters {
      let range = offset..<offset + parameter.values.count
      result.gradient[parameter.name] = Array(found.gradient[range])
      result.tangent[parameter.name] = Array(found.tangent[range])
      offset = range.upperBound
    }
    return result
  }

  private func expectSame(
    _ found: [String: [Double]], _ expected: [String: [Double]], _ comment: Comment
  ) {
    let largest = expected.values.joined().reduce(0) { max($0, abs($1)) }
    for (name, numbers) in found {
      let other = expected[name] ?? []
      #expect(numbers.count == other.count)
      // Only the order of sums may be another.
      let error = zip(numbers, other).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(error <= 1e-12 * max(largest, 1e-3), "\(name): \(comment)")
    }
  }

  @Test(
    "change nothing of the others", .enabled(if: Fixtures.folder != nil, "no shared fixtures"),
    arguments: FixtureValueTests.files)
  func frozen(file: String) throws {
    let data = try FixtureData(of: file).inputs
    let whole = try ONNXModel(contentsOf: Fixtures.path(file))
    let names = whole.parameters.map(\.name)
    for (place, name) in names.enumerated() {
      // One of them, then all but one.
      for frozen in [[name], names.filter { $0 != name }] where frozen.count < names.count {
        if frozen.count > 1, place % 3 != 0 { continue }
        var choices = ONNXModel.Choices()
        choices.freeze = frozen
        let part = try ONNXModel(contentsOf: Fixtures.path(file), choices: choices)
        #expect(part.parameters.count == names.count - frozen.count)
        let expected = try derivatives(whole, data, still: Set(frozen))
        let found = try derivatives(part, data, still: Set(frozen))
        let comment: Comment = "\(frozen.count == 1 ? name : "all but \(name)") frozen"
        expectSame(found.gradient, expected.gradient, comment)
        expectSame(found.tangent, expected.tangent, comment)
      }
    }
  }
}
