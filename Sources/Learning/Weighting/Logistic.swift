import Glibc

/// 1/(1 + e^(−x)), without overflow on either side.
func logistic(_ x: Double) -> Double {
  guard x < 0 else { return 1 / (1 + exp(-x)) }
  let power = exp(x)
  return power / (1 + power)
}
