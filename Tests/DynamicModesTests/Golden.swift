import DynamicModes
import Foundation
import Testing

/// Reference values written by `scripts/reference/dynamic_modes.py` (NumPy and SciPy; their versions
/// are in the file).
struct Golden: Decodable {
  struct Provenance: Decodable {
    let generator: String
    let numpy: String
    let scipy: String
    let seed: Int
  }

  struct Threshold: Decodable, Sendable {
    let beta: Double
    let median: Double
    let omega: Double
  }

  struct ComplexVector: Decodable, Sendable {
    let real: [Double]
    let imaginary: [Double]

    subscript(index: Int) -> Complex { Complex(real[index], imaginary[index]) }
  }

  struct MatrixCase: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let rows: Int
    let columns: Int
    let rankRule: String
    let modeKind: String
    let amplitudeFit: String
    let snapshots: [Double]
    let singularValues: [Double]
    let eigenvalues: ComplexVector
    let modes: [ComplexVector]
    let amplitudes: ComplexVector
    let relativeResidual: Double

    var testDescription: String { name }
  }

  struct TrajectoryCase: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let steps: Int
    let hyperparameters: Int
    let stacks: Int
    let rankRule: String
    let modeKind: String
    let amplitudeFit: String
    let tolerance: Double
    let horizon: Int
    let ridge: Double
    let affineDirections: Int
    let trajectory: [Double]
    let spectralRadius: Double
    let rank: Int
    let relativeResidual: Double
    let estimates: [String: [Double]]

    var testDescription: String { name }
  }

  let provenance: Provenance
  let hardThresholds: [Threshold]
  let matrices: [MatrixCase]
  let trajectories: [TrajectoryCase]

  /// The file, or empty lists when it cannot be read; `ReferenceTests.isPresent` fails then.
  static let shared: Golden = {
    guard
      let url = Bundle.module.url(
        forResource: "dynamic_modes", withExtension: "json", subdirectory: "Resources"),
      let data = try? Data(contentsOf: url),
      let golden = try? JSONDecoder().decode(Golden.self, from: data)
    else {
      return Golden(
        provenance: Provenance(generator: "", numpy: "", scipy: "", seed: 0), hardThresholds: [],
        matrices: [], trajectories: [])
    }
    return golden
  }()
}

func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
