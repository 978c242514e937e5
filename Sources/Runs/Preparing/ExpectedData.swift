import Learning
import Networks
import Settings

/// What is to be known of a configuration's data before a training is prepared.
///
/// Of the sets that the program knows, all of it without their files; of the user's own what opening
/// them says. A user's own model is read.
package struct ExpectedData {
  /// The network for such data.
  package let network: any DescribedModel
  /// How many training examples every class has.
  package let classSizes: [Int]
  /// How many examples are validated on.
  package let validation: Int

  /// What is to be expected.
  ///
  /// - Throws: what `ExperimentData.load` throws about the user's own files, and `RunError` where the
  ///   network does not take them.
  package init(_ configuration: Configuration) throws {
    guard configuration.data.set.known == nil else {
      network = try configuration.expectedModel()
      classSizes = configuration.expectedClassSizes
      validation = configuration.data.validation
      return
    }
    let data = try ExperimentData.load(configuration, folder: nil)
    network = try configuration.model(for: data.training)
    classSizes = data.training.classHistogram
    validation = data.validation.count
  }

  /// What a window costs.
  package func work(_ configuration: Configuration) -> WindowWork {
    configuration.windowWork(
      count: configuration.expectedColumnCount(of: network, classSizes: classSizes),
      parameterCount: network.parameters.count, validation: validation)
  }
}
