import Networks

extension ExampleDescription {
  /// The input in the words of networks.
  public var networkInput: NetworkInput {
    switch input.kind {
    case .image(let channels, let height, let width):
      .image(channels: channels, height: height, width: width)
    case .numbers(let shape): .numbers(shape)
    case .integers(let shape): .tokens(length: shape.first ?? 1, vocabulary: vocabulary)
    }
  }

  /// The target in the words of networks.
  public var networkAnswer: NetworkAnswer {
    switch target.kind {
    case .integers([]): .classes(classes)
    case .integers: .classesOfPositions(classes)
    case .numbers(let shape): .numbers(shape)
    case .image(let channels, let height, let width): .numbers([channels, height, width])
    }
  }
}
