/// Finds the name that was probably meant.
package enum NearestName {
  /// The nearest of the candidates, or nothing when none is near.
  ///
  /// Near: at most two fifths of the longer name's characters differ (and never all of a short
  /// one), or the only one that begins with the name. Ties go to the first candidate.
  package static func of(_ name: String, among candidates: [String]) -> String? {
    let longer = candidates.filter { $0.hasPrefix(name.lowercased()) }
    if name.count >= 3, longer.count == 1 { return longer.first }
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let distance = distance(name.lowercased(), candidate)
      let allowed = max(1, max(name.count, candidate.count) * 2 / 5)
      guard distance <= allowed, distance < min(name.count, candidate.count) else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    return best?.name
  }

  /// The nearest dotted key: by the whole path, or else by the last part alone, since a key is
  /// often right but in the wrong mapping (`length` for `window.length`).
  package static func ofKey(_ key: String, among keys: [String]) -> String? {
    let last = leaf(key)
    let inPlace = of(last, among: keys.filter { parent($0) == parent(key) }.map(leaf))
    if let inPlace { return parent(key).isEmpty ? inPlace : parent(key) + "." + inPlace }
    let elsewhere = keys.first { leaf($0) == last }
    // Where the mapping itself is misspelt, the whole path says more than its last part.
    if !parent(key).isEmpty, let whole = of(key, among: keys) { return whole }
    if let elsewhere { return elsewhere }
    guard let near = of(last, among: keys.map(leaf)) else { return nil }
    return keys.first { leaf($0) == near }
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours between two names.
  package static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first)
    let b = Array(second)
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    for i in 0..<a.count {
      for j in 0..<b.count {
        let replaced = rows[i][j] + (a[i] == b[j] ? 0 : 1)
        var least = min(replaced, rows[i][j + 1] + 1, rows[i + 1][j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, rows[i - 1][j - 1] + 1)
        }
        rows[i + 1][j + 1] = least
      }
    }
    return rows[a.count][b.count]
  }

  private static func leaf(_ key: String) -> String {
    key.split(separator: ".").last.map(String.init) ?? key
  }

  private static func parent(_ key: String) -> String {
    key.split(separator: ".").dropLast().joined(separator: ".")
  }
}
