/// The divisors of a positive integer, ascending.
package func divisors(of number: Int) -> [Int] {
  precondition(number > 0, "divisors of \(number)")
  var (small, large): ([Int], [Int]) = ([], [])
  for candidate in 1...squareRoot(of: number) where number % candidate == 0 {
    small.append(candidate)
    if candidate != number / candidate { large.append(number / candidate) }
  }
  return small + large.reversed()
}

/// ⌊√n⌋ of a non-negative integer.
func squareRoot(of number: Int) -> Int {
  var root = Int(Double(number).squareRoot())
  while root > 0, root > number / root { root -= 1 }
  while root + 1 <= number / (root + 1) { root += 1 }
  return root
}
