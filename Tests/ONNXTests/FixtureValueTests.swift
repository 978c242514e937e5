import Testing

@testable import ONNX

/// Every file of the fixtures gives the losses that PyTorch had before it was exported.
@Suite(
  "Values of the ONNX fixtures",
  .enabled(if: Fixtures.folder != nil, "needs ../shared/fixtures/onnx"))
struct FixtureValueTests {
  /// Without batch normalisation, which takes part of the whole batch.
  static let files = Fixtures.files.filter { !$0.hasPrefix("batchnorm") }

  /// Epsilon, √2 and attention's scale are rounded to float32 in the files, those of the older
  /// exporter more.
  static func tolerance(_ file: String) -> Double { file.contains("legacy") ? 1e-7 : 1e-10 }

  @Test(arguments: files)
  func lossesAreThoseOfPyTorch(file: String) throws {
    let data = try FixtureData(of: file)
    let described = data.description
    let validation = Array(
      described.records - described.validationRecords..<described.records)
    let training = Array(0..<described.batch)
    for (records, expected) in [
      (validation, described.initialValidationLoss), (training, described.trainingLoss[0]),
    ] {
      let model = try ONNXModel(contentsOf: Fixtures.path(file))
      let recorded = try RecordedModel(model, data.inputs, records: records)
      let loss = data.loss(recorded.outputs(at: recorded.parameters), records)
      #expect(abs(loss - expected) <= Self.tolerance(file) * expected)
    }
  }

  /// Where the exporters folded the batch normalisations away: in single precision.
  @Test(arguments: ["batchnorm", "batchnorm-legacy"])
  func testLossesAreThoseOfPyTorch(file: String) throws {
    let data = try FixtureData(of: file, part: "test")
    let records = Array(0..<data.targets.shape[0])
    let model = try ONNXModel(contentsOf: Fixtures.path(file))
    let recorded = try RecordedModel(model, data.inputs, records: records)
    let loss = data.loss(recorded.outputs(at: recorded.parameters), records)
    let expected = data.description.initialTestLoss
    #expect(abs(loss - expected) <= 1e-6 * expected)
  }

  /// Central differences of the outputs' weighted sum, and of its gradient.
  ///
  /// Where the input of a
  /// rectifier or a maximum changes sides between the two points, differences see a step.
  @Test(arguments: files.filter { $0.hasSuffix("unfolded") })
  func derivativesAreThoseOfDifferences(file: String) throws {
    let data = try FixtureData(of: file)
    let model = try ONNXModel(contentsOf: Fixtures.path(file))
    let recorded = try RecordedModel(model, data.inputs, records: [3, 11], passes: .tangents)
    let theta = recorded.parameters
    let direction = theta.indices.map { Double(($0 &* 7919) % 101) / 50 - 1 }
    let seed = (0..<recorded.output.count).map { 0.25 + Double($0 % 7) }
    let found = recorded.gradient(at: theta, seed: seed, along: direction)
    let step = 1e-6
    func moved(_ factor: Double) -> [Double] {
      zip(theta, direction).map { $0 + factor * step * $1 }
    }
    func total(_ parameters: [Double]) -> Double {
      zip(seed, recorded.outputs(at: parameters)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let slope = zip(found.gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    let difference = (total(moved(1)) - total(moved(-1))) / (2 * step)
    let size = norm(found.gradient)
    #expect(abs(slope - difference) <= 1e-6 * size)
    let (after, before) = (
      recorded.gradient(at: moved(1), seed: seed, along: direction).gradient,
      recorded.gradient(at: moved(-1), seed: seed, along: direction).gradient
    )
    let expected = zip(after, before).map { ($0 - $1) / (2 * step) }
    let error = norm(zip(expected, found.tangent).map { $0 - $1 })
    #expect(error <= 1e-6 * norm(expected))
    #expect(norm(expected) > 0)
  }

  private func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
