/// The `index`-th of `parts` contiguous ranges that make up `0..<n`.
///
/// Sizes differ by at most one, the larger ones first; with more parts than elements the last are empty.
public func balancedRange(of n: Int, parts: Int, index: Int) -> Range<Int> {
  precondition(n >= 0 && parts >= 1, "\(n) elements in \(parts) parts")
  precondition(index >= 0 && index < parts, "part \(index) of \(parts)")
  let (size, extra) = n.quotientAndRemainder(dividingBy: parts)
  let lower = index * size + min(index, extra)
  return lower..<lower + size + (index < extra ? 1 : 0)
}
