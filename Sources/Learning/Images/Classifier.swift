import Differentiation
import Networks
import Tensors

/// A built-in network with the cross-entropy of its logits and the accuracy of its answers.
public struct Classifier: Model {
  /// The field of the images.
  public static let image = "image"
  /// The field of the class labels.
  public static let label = "label"

  /// The network.
  public let network: any Network

  /// A network as a model.
  public init(_ network: any Network) { self.network = network }

  /// The network's.
  public var name: String { network.name }

  /// The network's.
  public var parameters: ParameterLayout { network.parameters }

  /// What it wants of an example: an image of the network's size, and its label.
  public var fields: [ExampleField] {
    let shape = network.imageShape
    return Self.fields(channels: shape.channels, height: shape.height, width: shape.width)
  }

  /// An image and its label.
  static func fields(channels: Int, height: Int, width: Int) -> [ExampleField] {
    [
      ExampleField(image, .image(channels: channels, height: height, width: width)),
      ExampleField(label, .integers([])),
    ]
  }

  /// Images to logits, logits and labels to losses.
  public func record<Number: Scalar>(
    _ fields: FieldVariables<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> ModelOutputs<Number> {
    let labels = fields.integers(Self.label)
    let logits = network.logits(of: fields.numbers(Self.image), with: parameters, on: tape)
    return ModelOutputs(
      losses: tape.crossEntropy(logits, labels: labels),
      metrics: [.accuracy(logits, labels: labels)])
  }
}

extension Classifier: DescribedModel {
  /// Images of the network's size and their classes.
  public var examples: ExampleDescription {
    let image = network.imageShape
    return ExampleDescription(
      channels: image.channels, height: image.height, width: image.width,
      classes: network.classCount)
  }

  /// The network's.
  public func kernels(shard: Int, compute: ComputePrecision) -> [KernelName] {
    network.kernels(shard: shard, compute: compute)
  }
}

extension ExampleDescription {
  /// Images with a class each.
  public init(channels: Int, height: Int, width: Int, classes: Int) {
    let fields = Classifier.fields(channels: channels, height: height, width: width)
    self.init(input: fields[0], target: fields[1], classes: classes)
  }
}
