import Tensors

/// Σᵢ aᵢ bᵢ in double precision, summed in an order that depends only on the length.
///
/// Eight partial sums are accumulated side by side and combined in a fixed tree, so the result has
/// the same bits on every rank and the loop is not a single chain of dependent additions.
///
/// - Parameters:
///   - a: `count` numbers.
///   - b: `count` numbers.
///   - count: the number of elements.
@_specialize(where Number == Float)
@_specialize(where Number == Double)
func orderedProduct<Number: Scalar>(
  _ a: UnsafePointer<Number>, _ b: UnsafePointer<Number>, count: Int
) -> Double {
  var (s0, s1, s2, s3, s4, s5, s6, s7) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
  var i = 0
  while i + 8 <= count {
    s0 += Double(a[i]) * Double(b[i])
    s1 += Double(a[i + 1]) * Double(b[i + 1])
    s2 += Double(a[i + 2]) * Double(b[i + 2])
    s3 += Double(a[i + 3]) * Double(b[i + 3])
    s4 += Double(a[i + 4]) * Double(b[i + 4])
    s5 += Double(a[i + 5]) * Double(b[i + 5])
    s6 += Double(a[i + 6]) * Double(b[i + 6])
    s7 += Double(a[i + 7]) * Double(b[i + 7])
    i += 8
  }
  var rest = 0.0
  while i < count {
    rest += Double(a[i]) * Double(b[i])
    i += 1
  }
  return (((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))) + rest
}
