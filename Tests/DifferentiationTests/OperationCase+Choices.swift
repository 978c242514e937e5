import Differentiation
import Tensors

// Cases of piecewise functions, choices by masks, and windows over planes.
extension OperationCase {
  static func piecewise<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    [
      ("clipping", { $0.tape.clipped($0.tensor(3, 37), from: -0.11, to: 0.17) }),
      ("magnitude", { $0.tape.magnitude($0.tensor(3, 9)) }),
      (
        "steps",
        { r in
          let x = r.tape.scaled(r.tensor(3, 9), by: 7)
          return r.tape.sum(x, r.tape.steps(x, .floor))
        }
      ),
      ("hardSwish", { $0.tape.hardSwish($0.tape.scaled($0.tensor(3, 33), by: 20)) }),
      ("sine", { $0.tape.sine($0.tape.scaled($0.tensor(3, 9), by: 5)) }),
      ("cosine", { $0.tape.cosine($0.tape.scaled($0.tensor(3, 9), by: 5)) }),
      (
        "exponentialUnit",
        { $0.tape.exponentialUnit($0.tensor(3, 33), gain: 1.05, depth: 1.75, scale: 0.6) }
      ),
      ("softplusOfModule", { $0.tape.softplus(of: $0.tape.scaled($0.tensor(3, 33), by: 20)) }),
      ("mish", { $0.tape.mish($0.tape.scaled($0.tensor(3, 33), by: 20)) }),
      ("softsign", { $0.tape.softsign($0.tensor(3, 33)) }),
    ]
  }

  static func selections<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    func mask(_ r: OperationRecorder<Number>) -> Variable<Number> {
      r.tape.constant((0..<21).map { $0 % 3 == 0 ? 1 : 0 }, [3, 7])
    }
    return [
      (
        "selection", { $0.tape.selection(mask($0), $0.tensor(3, 7), $0.tape.tanh($0.tensor(3, 7))) }
      ),
      (
        "selectionOfInfinity",
        { r in
          let nothing = r.tape.constant([Double](repeating: -.infinity, count: 21), [3, 7])
          return r.tape.softmax(r.tape.selection(mask(r), r.tensor(3, 7), nothing))
        }
      ),
      (
        "selectionFromConstant",
        { $0.tape.selection(mask($0), $0.constant(.tensor([3, 7]), seed: 3), $0.tensor(3, 7)) }
      ),
      (
        "selectionByRepeatedMask",
        {
          $0.tape.selection(
            $0.tape.constant([1, 0, 0, 1, 1, 0], [2, 3]), $0.tape.tanh($0.tensor(3, 2, 3)),
            $0.tensor(3, 2, 3))
        }
      ),
      (
        "selectionInResidual",
        { r in
          let x = r.tensor(3, 7)
          return r.tape.sum(x, r.tape.selection(mask(r), x, r.tape.tanh(x)))
        }
      ),
      (
        "maximumOfTwo",
        { r in
          let (x, y) = (r.tensor(3, 8), r.tape.sigmoid(r.tensor(3, 8)))
          return r.tape.selection(r.tape.comparison(x, .greater, y), x, y)
        }
      ),
      (
        "gatheringOfRows",
        { $0.tape.gathered($0.tape.tanh($0.tensor(5, 4)), axis: 0, places: [3, -1, 3], fill: 0.5) }
      ),
      (
        "gatheringOfColumns",
        { $0.tape.gathered($0.tape.tanh($0.tensor(3, 5)), axis: -1, places: [4, 3, 2, 2, -1, 0]) }
      ),
      (
        "gatheringInResidual",
        { r in
          let x = r.tensor(3, 4, 2)
          return r.tape.sum(x, r.tape.gathered(x, axis: 1, places: [1, 2, 3, 0]))
        }
      ),
      (
        "constantFactor",
        { $0.tape.product($0.tensor(3, 4), $0.tape.constant([1, -2, 3, 0.5], [4])) }
      ),
      (
        "numbersOfIntegers",
        { r in
          let integers = r.integers(.tensor([3, 2]), [3, 0, -1, 2, 5, 1])
          return r.tape.product(r.tape.numbers(of: integers.reshaped(to: [3, 2])), r.tensor(3, 2))
        }
      ),
    ]
  }

  static func windows<Number: Scalar>(_: Number.Type) -> [OperationRecording<Number>] {
    // Windows of three numbers of seven, two apart, the last with less.
    let windows = PlaneWindows(
      inputCount: 7,
      (0..<4).map { j in (2 * j..<min(7, 2 * j + 3)).map { ($0, 0.5 + Double($0)) } })
    return [
      (
        "windowSums",
        { $0.tape.sums(of: $0.tape.tanh($0.tensor(3, 7)), over: windows, to: [3, 4]) }
      ),
      (
        "windowSumsInResidual",
        { r in
          let x = r.tensor(3, 7)
          let sums = r.tape.sums(of: x, over: windows, to: [3, 4])
          return r.tape.concatenated([x, sums], axis: 1)
        }
      ),
      (
        "windowMaxima",
        { $0.tape.maxima(of: $0.tape.tanh($0.tensor(3, 2, 7)), over: windows, to: [3, 2, 4]) }
      ),
      (
        "windowMaximaInResidual",
        { r in
          let x = r.tensor(3, 7)
          return r.tape.concatenated(
            [x, r.tape.maxima(of: x, over: windows, to: [3, 4])], axis: 1)
        }
      ),
      (
        "convolutionOfUnlikeAxes",
        { r in
          let axes = (
            ConvolutionAxis(length: 6, kernel: 3, stride: 2, padding: 1, dilation: 1),
            ConvolutionAxis(length: 5, kernel: 2, stride: 1, padding: 0, dilation: 3)
          )
          guard let vertical = axes.0, let horizontal = axes.1 else { return r.tensor(3, 1) }
          return r.tape.convolution2D(
            r.tensor(3, 2, 6, 5), weights: r.tensor(4, 2, 3, 2), vertical: vertical,
            horizontal: horizontal)
        }
      ),
    ]
  }
}
