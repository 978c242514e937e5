import Differentiation
import Tensors

// Cases of the operations on row-major tensors.
extension OperationCase {
  static func functions<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    [
      ("exponential", { $0.tape.exponential($0.tensor(3, 37)) }),
      ("logarithm", { $0.tape.logarithm($0.positive(3, 5, 7)) }),
      ("squareRoot", { $0.tape.squareRoot($0.positive(3, 21)) }),
      ("square", { $0.tape.power($0.tensor(3, 21), 2) }),
      ("cube", { $0.tape.power($0.tensor(3, 21), 3) }),
      ("power", { $0.tape.power($0.positive(3, 4, 2), -1.7) }),
      ("reciprocal", { $0.tape.power($0.positive(3, 4, 2), -1) }),
      ("sigmoid", { $0.tape.sigmoid($0.tensor(3, 33)) }),
      ("silu", { $0.tape.silu($0.tensor(3, 1, 33)) }),
      ("errorFunction", { $0.tape.errorFunction($0.tape.scaled($0.tensor(3, 33), by: 5)) }),
      ("gelu", { $0.tape.gelu($0.tape.scaled($0.tensor(3, 33), by: 5)) }),
      ("tanhGelu", { $0.tape.gelu($0.tape.scaled($0.tensor(3, 33), by: 5), form: .tanh) }),
      ("geluOfImages", { $0.tape.gelu($0.image(16, 3)) }),
      ("rectifier", { $0.tape.rectified($0.tensor(3, 2, 9)) }),
      // Longer than one chunk of the loops.
      ("longGelu", { $0.tape.gelu($0.tensor(3, 1001)) }),
      (
        "sigmoidInResidual",
        {
          let x = $0.tensor(3, 4)
          return $0.tape.sum(x, $0.tape.sigmoid(x))
        }
      ),
      (
        "functionOfConstant",
        { r in
          let c = r.tape.gelu(r.constant(.tensor([3, 8]), seed: 4))
          return r.tape.product(c, r.tensor(3, 8))
        }
      ),
      ("scaling", { $0.tape.scaled($0.tape.tanh($0.tensor(3, 8)), by: -2.5) }),
      ("negation", { $0.tape.negated($0.tape.tanh($0.tensor(3))) }),
    ]
  }

  static func broadcasts<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    [
      ("broadcastSum", { $0.tape.sum($0.tensor(3, 4, 1, 5), $0.tape.tanh($0.tensor(6, 1))) }),
      ("broadcastRow", { $0.tape.sum($0.tensor(37), $0.tape.tanh($0.tensor(3, 37))) }),
      (
        "broadcastDifference",
        {
          $0.tape.difference($0.tensor(3, 1), $0.tape.tanh($0.tensor(1, 7)))
        }
      ),
      ("difference", { $0.tape.difference($0.tensor(3, 7), $0.tensor(3, 7)) }),
      ("product", { $0.tape.product($0.tensor(3, 35), $0.tensor(3, 35)) }),
      ("productWithNumber", { $0.tape.product($0.tensor(3, 5), $0.tensor()) }),
      (
        "broadcastProduct",
        { $0.rows($0.tape.product($0.tensor(3, 1, 5), $0.tensor(2, 3, 4, 1))) }
      ),
      ("outerProduct", { $0.tape.product($0.tensor(3, 1), $0.tensor(1, 19)) }),
      ("productOfColumns", { $0.tape.product($0.tensor(3, 19), $0.tensor(3, 1)) }),
      ("quotient", { $0.tape.quotient($0.tensor(3, 2, 4), $0.positive(2, 1)) }),
      (
        "squareByProduct",
        {
          let x = $0.tensor(3, 5)
          return $0.tape.product(x, x)
        }
      ),
      (
        "productsWithConstants",
        { r in
          let c = r.constant(.tensor([4, 1]), seed: 8)
          let x = r.tape.product(c, r.tensor(3, 1, 5))
          return r.tape.product(x, r.tape.difference(c, r.tape.sum(c, r.tensor(5))))
        }
      ),
      ("broadcasting", { $0.tape.broadcast($0.tape.tanh($0.tensor(1, 4)), to: [3, 5, 4]) }),
      ("sumOverRows", { $0.tape.sum(of: $0.tape.tanh($0.tensor(6, 3, 2)), axes: [0]) }),
      ("sumOverMiddle", { $0.tape.sum(of: $0.tensor(3, 4, 5, 2), axes: [1, -2]) }),
      (
        "meanKeepingAxes",
        {
          let x = $0.tensor(3, 2, 33)
          return $0.tape.difference(x, $0.tape.mean(of: x, axes: [-1], keepingAxes: true))
        }
      ),
      (
        "meanOfAll",
        { $0.tape.product($0.tape.mean(of: $0.tensor(4, 5), axes: [0, 1]), $0.tensor(3, 2)) }
      ),
      ("globalPoolOfImages", { $0.tape.globalAveragePool($0.image(16, 4)) }),
      ("globalPoolOfSequences", { $0.tape.globalAveragePool($0.tensor(3, 5, 7)) }),
    ]
  }

  static func products<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    func product(
      _ left: [Int], _ right: [Int], _ transposesLeft: Bool = false,
      _ transposesRight: Bool = false
    ) -> (OperationRecorder<Number>) -> Variable<Number> {
      { r in
        r.rows(
          r.tape.matrixProduct(
            r.parameter(.tensor(left)), r.parameter(.tensor(right)),
            transposingLeft: transposesLeft, transposingRight: transposesRight))
      }
    }
    return [
      ("plainProduct", product([3, 5], [5, 7])),
      ("productWithTransposedLeft", product([5, 3], [5, 7], true)),
      ("productWithTransposedRight", product([3, 5], [7, 5], false, true)),
      ("productOfTransposes", product([5, 3], [7, 5], true, true)),
      ("batchedProduct", product([3, 2, 4, 5], [3, 2, 5, 6])),
      ("batchedProductOfTransposes", product([3, 2, 5, 4], [3, 2, 6, 5], true, true)),
      ("batchedProductWithTransposedRight", product([2, 3, 4, 5], [2, 3, 6, 5], false, true)),
      ("productWithSharedRight", product([3, 2, 4, 5], [5, 6])),
      ("productWithSharedTransposedRight", product([3, 2, 4, 5], [1, 6, 5], false, true)),
      ("productWithSharedLeft", product([4, 5], [3, 2, 5, 6])),
      ("productWithSharedTransposedLeft", product([5, 4], [3, 2, 5, 6], true)),
      ("transposedLeftWithSharedRight", product([3, 5, 4], [5, 6], true)),
      ("productOfBroadcasts", product([3, 1, 4, 5], [2, 5, 1])),
      (
        "productWithItsTranspose",
        {
          let x = $0.tensor(3, 4, 5)
          return $0.tape.matrixProduct(x, x, transposingRight: true)
        }
      ),
      (
        "batchedProductsWithConstants",
        { r in
          let c = r.constant(.tensor([3, 4, 5]), seed: 9)
          return r.tape.matrixProduct(
            r.tape.matrixProduct(c, r.tensor(2, 5), transposingRight: true),
            r.constant(.tensor([2, 4]), seed: 10))
        }
      ),
    ]
  }

  static func softmaxes<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    func mask(_ r: OperationRecorder<Number>) -> Variable<Number> {
      r.numbers(.tensor([4, 5]), (0..<20).map { $0 % 3 == 0 ? -.infinity : 0 })
    }
    return [
      ("softmax", { $0.tape.softmax($0.tensor(3, 4, 37)) }),
      (
        "softmaxOfOne",
        { r in
          let x = r.tensor(3, 1)
          return r.tape.sum(x, r.tape.softmax(x))
        }
      ),
      ("softmaxOverFirst", { $0.tape.softmax($0.tensor(3, 4, 5), axis: 0) }),
      ("causalSoftmax", { $0.tape.softmax($0.tensor(3, 5, 5), mask: .causal) }),
      ("causalSoftmaxOfFewKeys", { $0.tape.softmax($0.tensor(3, 5, 4), mask: .causal) }),
      ("softmaxWithMask", { $0.tape.softmax($0.tensor(3, 4, 5), mask: .additive(mask($0))) }),
      (
        "softmaxWithRowMask", { $0.tape.softmax($0.tensor(3, 4, 5), mask: .additive($0.tensor(5))) }
      ),
      (
        "softmaxWithNothingLeft",
        { r in
          let mask = r.numbers(.tensor([2, 1]), [0, -.infinity])
          return r.tape.softmax(r.tensor(3, 2, 5), mask: .additive(mask))
        }
      ),
      (
        "softmaxInResidual",
        {
          let x = $0.tensor(3, 4, 4)
          return $0.tape.sum(x, $0.tape.softmax(x, mask: .causal))
        }
      ),
      ("logSoftmax", { $0.tape.logSoftmax($0.tensor(3, 4, 37)) }),
      ("logSoftmaxOverMiddle", { $0.tape.logSoftmax($0.tensor(3, 4, 5), axis: 1) }),
      (
        "causalLogSoftmax",
        { $0.tape.exponential($0.tape.logSoftmax($0.tensor(3, 5, 5), mask: .causal)) }
      ),
      (
        "logSoftmaxInResidual",
        {
          let x = $0.tensor(3, 7)
          return $0.tape.sum(x, $0.tape.logSoftmax(x))
        }
      ),
    ]
  }

  static func layouts<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    [
      ("transposition", { $0.tape.transposed($0.tape.tanh($0.tensor(35, 3)), [1, 0]) }),
      ("reversal", { $0.tape.transposed($0.tape.tanh($0.tensor(2, 5, 4, 3)), [3, 2, 1, 0]) }),
      ("heads", { $0.tape.transposed($0.tape.tanh($0.tensor(3, 5, 2, 4)), [0, 2, 1, 3]) }),
      ("rotationOfAxes", { $0.tape.transposed($0.tape.tanh($0.tensor(4, 3, 1)), [1, 2, 0]) }),
      (
        "transpositionInResidual",
        {
          let x = $0.tensor(3, 3)
          return $0.tape.sum(x, $0.tape.transposed(x, [1, 0]))
        }
      ),
      ("sliceOfRows", { $0.tape.slice($0.tape.tanh($0.tensor(7, 4)), axis: 0, 2..<5) }),
      ("sliceOfColumns", { $0.tape.slice($0.tape.tanh($0.tensor(3, 2, 7)), axis: -1, 3..<4) }),
      (
        "splitAndConcatenation",
        { r in
          let parts = r.tape.split(r.tape.tanh(r.tensor(3, 6, 2)), axis: 1, [1, 3, 2])
          return r.tape.concatenated(
            [parts[2], r.tape.sigmoid(parts[0]), parts[2], parts[1]], axis: 1)
        }
      ),
      (
        "partsUsedTwice",
        { r in
          let x = r.tensor(3, 6)
          let parts = r.tape.split(x, axis: 1, [2, 4])
          return r.tape.sum(x, r.tape.concatenated([parts[1], parts[0]], axis: -1))
        }
      ),
      (
        "concatenationOfRows",
        { $0.tape.concatenated([$0.tensor(1, 4), $0.tensor(2, 4)], axis: 0) }
      ),
      (
        "concatenationWithConstant",
        {
          $0.tape.concatenated([$0.tensor(3, 4), $0.constant(.tensor([3, 1]), seed: 5)], axis: 1)
        }
      ),
    ]
  }

  static func layerNormalizations<Number: Scalar>(
    _: Number.Type
  ) -> [OperationRecording<Number>] {
    [
      (
        "layerNormalization",
        {
          $0.tape.layerNormalized(
            $0.tensor(3, 4, 35), weight: $0.positive(35), bias: $0.tensor(35), epsilon: 1e-3)
        }
      ),
      ("plainLayerNormalization", { $0.tape.layerNormalized($0.tensor(3, 9), epsilon: 1e-3) }),
      (
        "layerNormalizationOverTwoAxes",
        {
          $0.tape.layerNormalized(
            $0.tensor(3, 4, 5), weight: $0.tensor(4, 5), epsilon: 1e-3)
        }
      ),
      (
        "layerNormalizationOfOneNumber",
        {
          // x̂ is 0 whatever x is.
          $0.tape.layerNormalized(
            $0.tensor(3, 7, 1), weight: $0.tensor(1), bias: $0.tape.tanh($0.tensor(1)))
        }
      ),
      (
        "layerNormalizationOfConstant",
        {
          $0.tape.layerNormalized(
            $0.constant(.tensor([3, 8]), seed: 3), weight: $0.tape.tanh($0.tensor(8)),
            bias: $0.tensor(8))
        }
      ),
      (
        "layerNormalizationWithConstants",
        {
          $0.tape.layerNormalized(
            $0.tensor(3, 8), weight: $0.constant(.tensor([8]), seed: 3),
            bias: $0.constant(.tensor([8]), seed: 4), epsilon: 1e-3)
        }
      ),
      (
        "layerNormalizationInResidual",
        { r in
          let (x, weight) = (r.tensor(3, 2, 8), r.tensor(8))
          func normalized(_ x: Variable<Number>) -> Variable<Number> {
            r.tape.layerNormalized(x, weight: weight, bias: weight, epsilon: 1e-2)
          }
          return r.tape.sum(x, normalized(r.tape.sum(x, normalized(x))))
        }
      ),
      (
        "groupNormalization",
        {
          $0.tape.groupNormalized(
            $0.tensor(3, 6, 2, 5), weight: $0.tensor(6), bias: $0.tensor(6), groups: 2,
            epsilon: 1e-3)
        }
      ),
      (
        "groupNormalizationOfImages",
        {
          $0.tape.groupNormalized(
            $0.image(32, 3), weight: $0.tensor(32), bias: $0.tensor(32), groups: 4, epsilon: 1e-3)
        }
      ),
    ]
  }

  static func tokens<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    [
      (
        "embedding",
        { r in
          // Row 3 three times, row 4 never.
          let indices = r.integers(.tensor([3, 3]), [3, 0, 3, 1, 2, 5, 5, 3, 0])
          return r.tape.rows(of: r.tape.tanh(r.tensor(6, 5)), at: indices)
        }
      ),
      (
        "tiedEmbedding",
        { r in
          let table = r.tensor(6, 5)
          let x = r.tape.rows(of: table, at: r.integers(.tensor([3, 2]), [3, 0, 3, 1, 2, 5]))
          return r.tape.matrixProduct(r.tape.tanh(x), table, transposingRight: true)
        }
      ),
      (
        "crossEntropyOfTargets",
        { r in
          // The second example has one target, the third none.
          let targets = r.integers(
            .tensor([3, 2, 2]), [0, 18, 2, 2, -100, -100, 7, -100, -100, -100, -100, -100])
          return r.tape.crossEntropy(r.tensor(3, 2, 2, 19), targets: targets)
        }
      ),
      (
        "crossEntropyInResidual",
        { r in
          let x = r.tensor(3, 7)
          let loss = r.tape.crossEntropy(
            x, targets: r.integers(.tensor([3]), [6, -1, 0]), ignoring: -1)
          return r.tape.sum(x, r.tape.reshaped(loss, to: [3, 1]))
        }
      ),
    ]
  }
}
