/// The range at `index` of `parts` contiguous ranges that partition `0..<n`.
///
/// Sizes differ by at most one, larger ones first; if there are more parts than elements, the last
/// ones are empty.
public func balancedRange(of n: Int, parts: Int, index: Int) -> Range<Int> {
  precondition(n >= 0 && parts >= 1, "\(n) elements in \(parts) parts")
  precondition(index >= 0 && index < parts, "part \(index) of \(parts)")
  let (size, extra) = n.quotientAndRemainder(dividingBy: parts)
  let lower = index * size + min(index, extra)
  return lower..<lower + size + (index < extra ? 1 : 0)
}
