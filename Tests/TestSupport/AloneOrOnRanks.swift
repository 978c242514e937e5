/// For tests with many cases: every other one on three ranks, the others without a launcher.
///
/// Ranks cost most of the time of a refusal, and which of the cases they see does not matter.
package func aloneOrOnThreeRanks(_ count: Int) -> [Int?] {
  (0..<count).map { $0.isMultiple(of: 2) ? nil : 3 }
}
