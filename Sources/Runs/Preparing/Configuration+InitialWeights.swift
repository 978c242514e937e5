import Learning
import Networks
import Settings
import Storage

extension Configuration {
  /// φ of the loss at the start.
  ///
  /// - Throws: `SafeTensorsError` when the file does not fit.
  func initialLossHyperparameters(classCount: Int) throws(SafeTensorsError) -> [Double] {
    switch task {
    case .optimizer: return []
    case .classWeights: return [Double](repeating: 0, count: classCount)
    case .reweighting:
      let network = WeightNetwork(hidden: reweighting.hidden)
      guard let path = reweighting.initial else {
        return network.initialHyperparameters(seed: seed)
      }
      return try WeightNetworkFile.read(path, network)
    }
  }
}
