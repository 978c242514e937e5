import Differentiation
import Tensors

/// A classifier: its parameters, and its logits as a function of images on a tape.
public protocol Network: Sendable {
  /// The name in configurations.
  var name: String { get }
  /// Channels, height and width of the images it takes.
  var imageShape: (channels: Int, height: Int, width: Int) { get }
  /// Number of classes.
  var classCount: Int { get }
  /// The parameters and their places in the flat vector.
  var parameters: ParameterLayout { get }

  /// Records the network on a tape: images `[batch, …]` to logits `[batch, classes]`.
  func logits<Number: Scalar>(
    of images: Variable<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> Variable<Number>
}

/// A network's parameters as variables of a tape, by name.
public struct ParameterVariables<Number: Scalar> {
  private let layout: ParameterLayout
  private let variables: [String: Variable<Number>]

  /// Declares all parameters of a layout on a tape.
  public init(_ layout: ParameterLayout, on tape: Tape<Number>) {
    self.layout = layout
    variables = Dictionary(
      uniqueKeysWithValues: layout.tensors.map { tensor in
        let shape: Shape =
          tensor.arrangement == .rowMajor ? .tensor(tensor.shape) : .vector(tensor.count)
        return (
          tensor.name,
          tensor.statisticMomentum == nil
            ? tape.parameter(shape, offset: tensor.offset)
            : tape.statistic(shape, offset: tensor.offset)
        )
      })
  }

  /// The variable of a parameter.
  public subscript(name: String) -> Variable<Number> {
    guard let variable = variables[name] else {
      preconditionFailure("the network has no parameter named \(name)")
    }
    return variable
  }
}
