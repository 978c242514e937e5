// Preconditions of both communicators. A violation is a bug of the caller on this rank: it traps
// here, with the values, instead of causing a hang or a corrupt message on another rank.

func requireEqual(_ left: Int, _ right: Int, _ leftName: String, _ rightName: String) {
  precondition(left == right, "\(left) \(leftName) but \(right) \(rightName)")
}

func requireCounts(_ counts: [Int], size: Int, own: Int, rank: Int) {
  precondition(counts.count == size, "\(counts.count) counts for \(size) ranks")
  precondition(counts.allSatisfy { $0 >= 0 }, "negative count among \(counts)")
  precondition(
    counts[rank] == own, "rank \(rank) has \(own) values but its count is \(counts[rank])")
}

func requireRank(_ rank: Int, of size: Int) {
  precondition(rank >= 0 && rank < size, "rank \(rank) in a group of \(size)")
}

func requireColor(_ color: Int) {
  precondition(color >= 0 && color <= Int(Int32.max), "color \(color) is not in 0..<2^31")
}
