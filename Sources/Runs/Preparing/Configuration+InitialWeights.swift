import Learning
import Settings
import Storage

extension Configuration {
  /// φ of the loss at the start.
  ///
  /// - Parameter weighting: how examples are weighted; nil where they are not.
  /// - Throws: `SafeTensorsError` when the file does not fit.
  func initialLossHyperparameters(
    of weighting: (any ExampleWeighting)?
  ) throws(SafeTensorsError) -> [Double] {
    guard let weighting else { return [] }
    guard let path = reweighting.initial else {
      return weighting.initialHyperparameters(seed: seed)
    }
    return try WeightFunctionFile.read(path, weighting)
  }
}
