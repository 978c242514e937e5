import Differentiation
import Tensors

// Cases of convolutions over planes and of recurrent layers.
extension OperationCase {
  static func planes<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    [
      (
        "groupedConvolution",
        {
          $0.tape.convolution2D(
            $0.tensor(3, 4, 5, 6), weights: $0.tensor(6, 2, 3, 2), bias: $0.tensor(6), groups: 2,
            padding: 1)
        }
      ),
      (
        "stridedGroupedConvolution",
        {
          $0.tape.convolution2D(
            $0.tensor(3, 6, 7, 6), weights: $0.tensor(3, 2, 3, 3), groups: 3, stride: 2)
        }
      ),
      (
        "depthwiseConvolution",
        {
          $0.tape.convolution2D(
            $0.tensor(3, 4, 5, 19), weights: $0.tensor(4, 1, 3, 3), bias: $0.tensor(4), groups: 4,
            padding: 1)
        }
      ),
      (
        "stridedDepthwiseConvolution",
        {
          $0.tape.convolution2D(
            $0.tensor(3, 2, 6, 7), weights: $0.tensor(4, 1, 3, 2), groups: 2, stride: 2,
            padding: 1)
        }
      ),
      (
        "dilatedConvolution",
        {
          $0.tape.convolution2D(
            $0.tensor(3, 2, 7, 8), weights: $0.tensor(3, 2, 2, 3), padding: 2, dilation: 3)
        }
      ),
      (
        "pointwiseConvolution",
        {
          $0.tape.convolution2D(
            $0.tensor(3, 6, 3, 4), weights: $0.tensor(4, 3, 1, 1), bias: $0.tensor(4), groups: 2)
        }
      ),
      (
        "sequenceConvolution",
        {
          $0.tape.convolution1D(
            $0.tensor(3, 4, 9), weights: $0.tensor(5, 4, 3), bias: $0.tensor(5), padding: 1)
        }
      ),
      (
        "depthwiseSequenceConvolution",
        {
          $0.tape.convolution1D(
            $0.tensor(3, 4, 9), weights: $0.tensor(4, 1, 4), groups: 4, stride: 3, padding: 3)
        }
      ),
      (
        "convolutionInResidual",
        { r in
          let (x, w, b) = (r.tensor(3, 2, 8), r.tensor(2, 1, 3), r.tensor(2))
          func convolved(_ x: Variable<Number>) -> Variable<Number> {
            r.tape.convolution1D(x, weights: w, bias: b, groups: 2, padding: 1)
          }
          return r.tape.sum(x, convolved(r.tape.tanh(convolved(x))))
        }
      ),
      (
        "convolutionOfConstant",
        {
          $0.tape.convolution1D(
            $0.constant(.tensor([3, 2, 8]), seed: 3), weights: $0.tensor(4, 2, 3),
            bias: $0.tape.tanh($0.tensor(4)))
        }
      ),
      (
        "convolutionWithConstant",
        {
          $0.tape.convolution1D(
            $0.tensor(3, 2, 8), weights: $0.constant(.tensor([4, 2, 3]), seed: 3),
            bias: $0.constant(.tensor([4]), seed: 4))
        }
      ),
    ]
  }

  static func recurrences<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    func gru(
      _ r: OperationRecorder<Number>, _ x: Variable<Number>, size: Int, biases: Bool = true
    ) -> Variable<Number> {
      r.tape.gru(
        x, inputWeight: r.tensor(3 * size, x.shape.dimensions[2]),
        stateWeight: r.tensor(3 * size, size), inputBias: biases ? r.tensor(3 * size) : nil,
        stateBias: biases ? r.tensor(3 * size) : nil)
    }
    func lstm(
      _ r: OperationRecorder<Number>, _ x: Variable<Number>, size: Int, biases: Bool = true
    ) -> Variable<Number> {
      r.tape.lstm(
        x, inputWeight: r.tensor(4 * size, x.shape.dimensions[2]),
        stateWeight: r.tensor(4 * size, size), inputBias: biases ? r.tensor(4 * size) : nil,
        stateBias: biases ? r.tensor(4 * size) : nil)
    }
    return [
      ("gru", { gru($0, $0.tensor(3, 6, 4), size: 5) }),
      ("gruOfOneStep", { gru($0, $0.tensor(3, 1, 2), size: 1) }),
      ("wideGru", { gru($0, $0.tensor(3, 3, 2), size: 19, biases: false) }),
      ("gruOfConstant", { gru($0, $0.constant(.tensor([3, 4, 2]), seed: 3), size: 3) }),
      ("twoGrus", { r in gru(r, gru(r, r.tensor(3, 4, 2), size: 4), size: 3) }),
      (
        "gruAmongOthers",
        { r in
          let (x, w, b) = (r.tensor(3, 4, 2), r.tensor(6, 2), r.tensor(6))
          func layer(_ x: Variable<Number>) -> Variable<Number> {
            r.tape.gru(x, inputWeight: w, stateWeight: w, inputBias: b, stateBias: b)
          }
          return r.tape.sum(x, layer(r.tape.sum(x, layer(x))))
        }
      ),
      (
        "gruWithConstantWeights",
        { r in
          r.tape.gru(
            r.tensor(3, 4, 2), inputWeight: r.tensor(6, 2),
            stateWeight: r.constant(.tensor([6, 2]), seed: 5),
            stateBias: r.constant(.tensor([6]), seed: 6))
        }
      ),
      ("lstm", { lstm($0, $0.tensor(3, 6, 4), size: 5) }),
      ("lstmOfOneStep", { lstm($0, $0.tensor(3, 1, 2), size: 1) }),
      ("wideLstm", { lstm($0, $0.tensor(3, 3, 2), size: 19, biases: false) }),
      ("lstmOfConstant", { lstm($0, $0.constant(.tensor([3, 4, 2]), seed: 3), size: 3) }),
      ("twoLstms", { r in lstm(r, lstm(r, r.tensor(3, 4, 2), size: 4), size: 3) }),
      (
        "lstmAmongOthers",
        { r in
          let (x, w, b) = (r.tensor(3, 4, 2), r.tensor(8, 2), r.tensor(8))
          func layer(_ x: Variable<Number>) -> Variable<Number> {
            r.tape.lstm(x, inputWeight: w, stateWeight: w, inputBias: b, stateBias: b)
          }
          return r.tape.sum(x, layer(r.tape.sum(x, layer(x))))
        }
      ),
    ]
  }
}
