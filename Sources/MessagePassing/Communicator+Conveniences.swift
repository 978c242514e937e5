/// Collectives on single numbers, arrays and text, for everything that is not the hot path.
extension Communicator {
  /// Whether this is rank 0, which prints and writes files.
  public var isRoot: Bool { rank == 0 }

  /// Sums in place on `root`, in MPI's order; the values of the other ranks stay as they are.
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

  /// The sum, largest or smallest of one number per rank.
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

  /// The largest of one number per rank.
  public func allreduceMaximum<Element: MessageElement>(_ value: Element) -> Element {
    allreduce(value, .maximum)
  }

  /// The smallest of one number per rank.
  public func allreduceMinimum<Element: MessageElement>(_ value: Element) -> Element {
    allreduce(value, .minimum)
  }

  /// The number that `root` has.
  public func broadcast<Element: MessageElement>(_ value: Element, root: Int = 0) -> Element {
    var result = value
    withUnsafeMutablePointer(to: &result) {
      broadcast(UnsafeMutableBufferPointer(start: $0, count: 1), root: root)
    }
    return result
  }

  /// The array that `root` has; the other ranks need not know its length.
  public func broadcast<Element: MessageElement>(_ values: [Element], root: Int = 0) -> [Element] {
    let count = Int(broadcast(Int64(values.count), root: root))
    var result = rank == root ? values : [Element](repeating: 0, count: count)
    result.withUnsafeMutableBufferPointer { broadcast($0, root: root) }
    return result
  }

  /// The text that `root` has, such as its resolved configuration.
  public func broadcast(text: String, root: Int = 0) -> String {
    String(decoding: broadcast(Array(text.utf8), root: root), as: UTF8.self)
  }

  /// Concatenates the ranks' values, all of the same length, in `result` on `root`.
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

  /// Sends bytes of any number, also none, to one rank that receives them with `receiveBytes`.
  public func send(bytes: [UInt8], to destination: Int) {
    withUnsafePointer(to: Int64(bytes.count)) {
      send(UnsafeBufferPointer(start: $0, count: 1), to: destination)
    }
    bytes.withUnsafeBufferPointer { send($0, to: destination) }
  }

  /// Receives what one rank sends with `send(bytes:to:)`.
  public func receiveBytes(from source: Int) -> [UInt8] {
    var count: Int64 = 0
    withUnsafeMutablePointer(to: &count) {
      receive(UnsafeMutableBufferPointer(start: $0, count: 1), from: source)
    }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    bytes.withUnsafeMutableBufferPointer { receive($0, from: source) }
    return bytes
  }

  /// Whether all ranks say yes.
  public func agree(_ answer: Bool) -> Bool {
    allreduceMinimum(Int32(answer ? 1 : 0)) == 1
  }
}
