/// Collectives on single numbers, arrays and text, for everything outside the hot path.
extension Communicator {
  /// Whether this is rank 0, which prints and writes files.
  public var isRoot: Bool { rank == 0 }

  /// Sums in place on `root`, in MPI's order; the other ranks' values do not change.
  public func reduceSum<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, root: Int = 0
  ) {
    reduce(values, .sum, root: root)
  }

  /// Sums in place, in MPI's order; every rank gets the result.
  public func allreduceSum<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>
  ) {
    allreduce(values, .sum)
  }

  /// The sum, maximum or minimum of one number per rank.
  public func allreduce<Element: MessageElement>(
    _ value: Element, _ operation: ReductionOperation
  ) -> Element {
    var result = value
    withUnsafeMutablePointer(to: &result) {
      allreduce(UnsafeMutableBufferPointer(start: $0, count: 1), operation)
    }
    return result
  }

  /// The sum of one number per rank, in MPI's order.
  public func allreduceSum<Element: MessageElement>(_ value: Element) -> Element {
    allreduce(value, .sum)
  }

  /// The maximum of one number per rank.
  public func allreduceMaximum<Element: MessageElement>(_ value: Element) -> Element {
    allreduce(value, .maximum)
  }

  /// The minimum of one number per rank.
  public func allreduceMinimum<Element: MessageElement>(_ value: Element) -> Element {
    allreduce(value, .minimum)
  }

  /// Broadcasts a number from `root`.
  public func broadcast<Element: MessageElement>(_ value: Element, root: Int = 0) -> Element {
    var result = value
    withUnsafeMutablePointer(to: &result) {
      broadcast(UnsafeMutableBufferPointer(start: $0, count: 1), root: root)
    }
    return result
  }

  /// Broadcasts an array from `root`; the other ranks need not know its length.
  public func broadcast<Element: MessageElement>(_ values: [Element], root: Int = 0) -> [Element] {
    let count = Int(broadcast(Int64(values.count), root: root))
    var result = rank == root ? values : [Element](repeating: 0, count: count)
    result.withUnsafeMutableBufferPointer { broadcast($0, root: root) }
    return result
  }

  /// Broadcasts text from `root`, such as its resolved configuration.
  public func broadcast(text: String, root: Int = 0) -> String {
    String(decoding: broadcast(Array(text.utf8), root: root), as: UTF8.self)
  }

  /// Concatenates the ranks' values, all of the same length, into `result` on `root`.
  public func gather<Element: MessageElement>(
    _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>,
    root: Int = 0
  ) {
    let counts = [Int](repeating: values.count, count: size)
    gatherVariable(values, counts: counts, into: result, root: root)
  }

  /// The ranks' arrays, of any lengths, in rank order on `root`; `nil` elsewhere.
  public func gatherVariable<Element: MessageElement>(
    _ values: [Element], root: Int = 0
  ) -> [[Element]]? {
    let counts = allgather(Int64(values.count)).map { Int($0) }
    var all = [Element](repeating: 0, count: rank == root ? counts.reduce(0, +) : 0)
    values.withUnsafeBufferPointer { own in
      all.withUnsafeMutableBufferPointer {
        gatherVariable(own, counts: counts, into: $0, root: root)
      }
    }
    guard rank == root else { return nil }
    var start = 0
    return counts.map { count in
      defer { start += count }
      return Array(all[start..<start + count])
    }
  }

  /// One number per rank, in rank order, on every rank.
  public func allgather<Element: MessageElement>(_ value: Element) -> [Element] {
    var all = [Element](repeating: 0, count: size)
    all[rank] = value
    let counts = [Int](repeating: 1, count: size)
    all.withUnsafeMutableBufferPointer { allgatherVariable($0, counts: counts) }
    return all
  }

  /// The ranks' arrays, of any lengths, concatenated in rank order on every rank.
  public func allgatherVariable<Element: MessageElement>(_ values: [Element]) -> [Element] {
    let counts = allgather(Int64(values.count)).map { Int($0) }
    var all = [Element](repeating: 0, count: counts.reduce(0, +))
    let start = counts[..<rank].reduce(0, +)
    all.replaceSubrange(start..<start + values.count, with: values)
    all.withUnsafeMutableBufferPointer { allgatherVariable($0, counts: counts) }
    return all
  }

  /// Sends any number of bytes, including none, to a rank that receives them with `receiveBytes`.
  public func send(bytes: [UInt8], to destination: Int) {
    withUnsafePointer(to: Int64(bytes.count)) {
      send(UnsafeBufferPointer(start: $0, count: 1), to: destination)
    }
    bytes.withUnsafeBufferPointer { send($0, to: destination) }
  }

  /// Receives the bytes that a rank sends with `send(bytes:to:)`.
  public func receiveBytes(from source: Int) -> [UInt8] {
    var count: Int64 = 0
    withUnsafeMutablePointer(to: &count) {
      receive(UnsafeMutableBufferPointer(start: $0, count: 1), from: source)
    }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    bytes.withUnsafeMutableBufferPointer { receive($0, from: source) }
    return bytes
  }

  /// Whether `answer` is true on all ranks.
  public func agree(_ answer: Bool) -> Bool {
    allreduceMinimum(Int32(answer ? 1 : 0)) == 1
  }
}
