extension HostTensor.Elements {
  /// The elements at these places, in their order.
  func taken(_ places: [Int]) -> Self {
    switch self {
    case .floats(let x): .floats(places.map { x[$0] })
    case .integers(let x): .integers(places.map { x[$0] })
    case .booleans(let x): .booleans(places.map { x[$0] })
    }
  }

  /// Several one behind the other; of one kind.
  static func joined(_ parts: [Self]) -> Self {
    var (floats, integers, booleans): ([Double], [Int64], [Bool]) = ([], [], [])
    for part in parts {
      switch part {
      case .floats(let x): floats += x
      case .integers(let x): integers += x
      case .booleans(let x): booleans += x
      }
    }
    switch parts.first {
    case .floats: return .floats(floats)
    case .booleans: return .booleans(booleans)
    case .integers, nil: return .integers(integers)
    }
  }
}

extension HostTensor {
  /// Whole numbers in a row.
  static func integers(_ numbers: [Int]) -> HostTensor {
    HostTensor(.int64, [numbers.count], .integers(numbers.map { Int64($0) }))
  }

  /// The elements as floating-point numbers, 0 and 1 for truth values.
  var numbers: [Double] {
    switch elements {
    case .floats(let x): x
    case .integers(let x): x.map { Double($0) }
    case .booleans(let x): x.map { $0 ? 1 : 0 }
    }
  }

  /// The elements as whole numbers; nil for floating-point numbers.
  var wholeNumbers: [Int]? {
    switch elements {
    case .floats: nil
    case .integers(let x): x.map { Int($0) }
    case .booleans(let x): x.map { $0 ? 1 : 0 }
    }
  }

  /// The elements as truth values: what is not 0.
  var truths: [Bool] {
    switch elements {
    case .floats(let x): x.map { $0 != 0 }
    case .integers(let x): x.map { $0 != 0 }
    case .booleans(let x): x
    }
  }

  /// The same elements with other dimensions, as many.
  func reshaped(_ dimensions: [Int]) -> HostTensor { HostTensor(type, dimensions, elements) }

  /// Repeated to a shape that it broadcasts to.
  func broadcast(to dimensions: [Int]) -> HostTensor {
    if dimensions == self.dimensions { return self }
    let padded =
      [Int](repeating: 1, count: dimensions.count - self.dimensions.count) + self.dimensions
    let strides = Places.strides(of: padded)
    let steps = padded.indices.map { padded[$0] == 1 ? 0 : strides[$0] }
    return HostTensor(type, dimensions, elements.taken(Places.all(dimensions, steps: steps)))
  }

  /// With its axes in another order.
  func transposed(_ order: [Int]) -> HostTensor {
    let strides = Places.strides(of: dimensions)
    let shape = order.map { dimensions[$0] }
    return HostTensor(
      type, shape, elements.taken(Places.all(shape, steps: order.map { strides[$0] })))
  }

  /// Other places of an axis, all of them inside.
  func gathered(axis: Int, places: [Int]) -> HostTensor {
    let outer = dimensions[..<axis].reduce(1, *)
    let inner = dimensions[(axis + 1)...].reduce(1, *)
    var all: [Int] = []
    all.reserveCapacity(outer * places.count * inner)
    for o in 0..<outer {
      for place in places {
        let start = (o * dimensions[axis] + place) * inner
        all.append(contentsOf: start..<start + inner)
      }
    }
    var shape = dimensions
    shape[axis] = places.count
    return HostTensor(type, shape, elements.taken(all))
  }
}

/// Places of elements in row-major tensors.
enum Places {
  /// Elements from one index of an axis to the next.
  static func strides(of dimensions: [Int]) -> [Int] {
    var result = [Int](repeating: 1, count: dimensions.count)
    for axis in dimensions.indices.dropLast().reversed() {
      result[axis] = result[axis + 1] * dimensions[axis + 1]
    }
    return result
  }

  /// All places of loops over a shape, the last axis innermost.
  static func all(_ dimensions: [Int], steps: [Int]) -> [Int] {
    var places = [0]
    for (count, step) in zip(dimensions, steps) {
      var next: [Int] = []
      next.reserveCapacity(places.count * count)
      for place in places { for i in 0..<count { next.append(place + i * step) } }
      places = next
    }
    return places
  }

  /// What two shapes broadcast to; nil if they do not.
  static func broadcast(_ left: [Int], _ right: [Int]) -> [Int]? {
    let rank = max(left.count, right.count)
    let a = [Int](repeating: 1, count: rank - left.count) + left
    let b = [Int](repeating: 1, count: rank - right.count) + right
    var shape: [Int] = []
    for (m, n) in zip(a, b) {
      guard m == n || m == 1 || n == 1 else { return nil }
      shape.append(m == 1 ? n : m)
    }
    return shape
  }
}
