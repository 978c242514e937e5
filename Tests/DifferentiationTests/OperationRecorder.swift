import Differentiation
import Tensors

/// What a case of ``OperationCase`` records its operation with: variables made of parameters, each
/// behind the last, and constants.
final class OperationRecorder<Number: Scalar> {
  let tape: Tape<Number>
  /// Parameters used so far.
  private(set) var parameterCount = 0
  private var fills: [() -> Void] = []

  let batch = 3

  init(_ tape: Tape<Number>) { self.tape = tape }

  func parameter(_ shape: Shape) -> Variable<Number> {
    defer { parameterCount += (shape.count + 31) / 32 * 32 }
    return tape.parameter(shape, offset: parameterCount)
  }

  func tensor(_ dimensions: Int...) -> Variable<Number> { parameter(.tensor(dimensions)) }

  func image(_ channels: Int, _ side: Int) -> Variable<Number> {
    parameter(.image(batch: batch, channels: channels, height: side, width: side))
  }

  func constant(_ shape: Shape, seed: UInt64) -> Variable<Number> {
    numbers(shape, pseudorandom(shape.count, seed: seed))
  }

  func numbers(_ shape: Shape, _ numbers: [Double]) -> Variable<Number> {
    let x = tape.input(shape)
    fills.append {
      for (i, value) in numbers.enumerated() { x.value[i] = Number(value) }
    }
    return x
  }

  /// Numbers around 1.
  func positive(_ dimensions: Int...) -> Variable<Number> {
    tape.exponential(parameter(.tensor(dimensions)))
  }

  /// The numbers of `y` as rows for the layer behind it.
  func rows(_ y: Variable<Number>) -> Variable<Number> {
    tape.reshaped(y, to: [batch, y.count / batch])
  }

  func integers(_ shape: Shape, _ numbers: [Int32]) -> IntegerInput {
    let input = tape.integerInput(shape)
    for (i, number) in numbers.enumerated() { input.pointer[i] = number }
    return input
  }

  func labels(_ shape: Shape, classes: Int) -> IntegerInput {
    let labels = tape.integerInput(shape)
    for i in 0..<labels.count { labels.pointer[i] = Int32((2 * i + 1) % classes) }
    return labels
  }

  func convolved(
    _ x: Variable<Number>, from inputs: Int, to outputs: Int, kernel: Int, stride: Int = 1,
    padding: Int = 0, bias: Bool = true
  ) -> Variable<Number> {
    tape.convolution(
      x, weights: parameter(.vector(outputs * inputs * kernel * kernel)),
      bias: bias ? parameter(.vector(outputs)) : nil, outputChannels: outputs, kernel: kernel,
      stride: stride, padding: padding)
  }

  /// A linear layer and a cross-entropy after `y`, and what fills the constants.
  func classified(_ y: Variable<Number>) -> (output: Variable<Number>, fill: () -> Void) {
    let rows = y.shape.matrixSize == nil ? tape.flattened(y) : y
    let classes = 5
    let logits = tape.matrixProduct(
      rows, transposed: parameter(.matrix(rows: classes, columns: rows.count / batch)))
    let losses = tape.crossEntropy(logits, labels: labels(.vector(batch), classes: classes))
    return (losses, { [fills] in for fill in fills { fill() } })
  }
}
