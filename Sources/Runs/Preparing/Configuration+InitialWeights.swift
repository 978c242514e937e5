import Learning
import Settings
import Storage

extension Configuration {
  /// The initial φ of the loss.
  ///
  /// - Parameter weighting: the examples' weight function; nil if examples are not weighted.
  /// - Throws: `SafeTensorsError` if the file does not fit.
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
