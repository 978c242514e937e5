import Testing

@testable import ONNX

/// Images in blocks of channels give the numbers of row-major tensors.
@Suite(
  "Convolutions of ONNX models in blocks",
  .enabled(if: Fixtures.folder != nil, "needs ../shared/fixtures/onnx"))
struct BlockedConvolutionTests {
  static let files = Fixtures.files.filter {
    $0.hasPrefix("convnet") || $0.hasPrefix("batchnorm")
  }

  @Test(arguments: files)
  func valuesAndDerivativesAreTheSame(file: String) throws {
    let data = try FixtureData(of: file)
    let plain = try ONNXModel(contentsOf: Fixtures.path(file))
    let blocked = plain.optimized
    let dense = plain.parameters.filter { $0.dimensions.count == 4 && $0.dimensions[1] > 1 }
    let expected = dense.filter { $0.dimensions[0] % 16 == 0 }.map(\.name)
    #expect(Set(expected).isSubset(of: blocked.blocked) && !expected.isEmpty)
    let models = [plain, blocked]
    var results: [(outputs: [Double], gradient: [Double], tangent: [Double])] = []
    for model in models {
      let recorded = try RecordedModel(
        model, data.inputs, records: [3, 11, 12], passes: .tangents, step: 0)
      let seed = (0..<recorded.output.count).map { 0.25 + Double($0 % 7) }
      var direction = recorded.parameters
      for (index, place) in recorded.order.enumerated() {
        direction[place] = Double((index &* 7919) % 101) / 50 - 1
      }
      let found = recorded.gradient(at: recorded.parameters, seed: seed, along: direction)
      results.append(
        (
          recorded.outputs(at: recorded.parameters), recorded.order.map { found.gradient[$0] },
          recorded.order.map { found.tangent[$0] }
        ))
    }
    #expect(error(results[1].outputs, results[0].outputs) <= 1e-13)
    #expect(error(results[1].gradient, results[0].gradient) <= 1e-12)
    #expect(error(results[1].tangent, results[0].tangent) <= 1e-12)
  }

  /// Group normalisations are found in all forms that the exporters write.
  @Test(arguments: Fixtures.files.filter { $0.hasPrefix("convnet") })
  func groupNormalizationsAreFound(file: String) throws {
    let fused = try ONNXModel(contentsOf: Fixtures.path(file)).optimized.graph
    #expect(fused.nodes.filter { $0.type == FusedGroupNormalization.type }.count == 5)
    #expect(fused.nodes.allSatisfy { $0.type != "InstanceNormalization" })
    #expect(fused.nodes.count <= 30, "what it was made of is left out")
  }

  private func error(_ one: [Double], _ other: [Double]) -> Double {
    let size = other.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot() / size
  }
}
