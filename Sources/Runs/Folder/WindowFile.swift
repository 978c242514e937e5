import Storage

/// The hypergradients of a window with many hyperparameters, in a separate file:
/// `trajectory/window-000001.safetensors`.
///
/// Binary, because q numbers per step in decimal would be slow to write and large. All elements are
/// F64, bit by bit:
///
/// | tensor | contents |
/// |---|---|
/// | `h` | the local hypergradients, `[σ, columns]` |
/// | `steps` | the inner steps after which they were taken, `[σ]` |
/// | `raw`, `raw_after` | φ during the window, and after the update, `[q]` |
/// | `estimates.NAME` | the estimate of the estimator with that name, `[columns]` |
///
/// The first two are absent if nothing was observed. The window's line in `windows.jsonl` gives the
/// file's name, length and checksum (``WindowFileEntry``).
package struct WindowFile {
  /// The tensor names.
  package enum Tensor: String, CaseIterable {
    case h, steps, raw
    case rawAfter = "raw_after"
    /// The prefix of an estimator's name.
    package static let estimates = "estimates."
  }

  /// Windows with more hyperparameters, or more entries in a hypergradient, get a file of their own.
  package static let longestRow = 1000

  /// What a window's line says about its file.
  package struct Expectation {
    package let entry: WindowFileEntry
    /// The window's first inner step; no earlier step can have been observed.
    package let firstStep: Int
    /// σ; nil if the line does not give it.
    package let observed: Int?

    package init(_ entry: WindowFileEntry, firstStep: Int, observed: Int?) {
      self.entry = entry
      self.firstStep = firstStep
      self.observed = observed
    }
  }

  /// The file's path.
  package let path: String
  /// The steps after which h was taken, in order.
  package let steps: [Int]
  private let tensors: SafeTensorsFile

  /// Opens a file and verifies its header, shapes, steps and checksum.
  ///
  /// - Throws: `RecordError` naming the file.
  package init(
    of folder: RunFolder, expecting expected: Expectation
  ) throws(RecordError) {
    path = folder.path(ofWindow: expected.entry.window)
    guard PathKind(of: path) != .nothing else {
      throw Self.error(path, "is missing, and \(RunFolder.File.windows.rawValue) names it")
    }
    do throws(SafeTensorsError) {
      tensors = try SafeTensorsFile(reading: path)
    } catch {
      throw Self.error(path, "cannot be used: \(Self.reason(error))")
    }
    try Self.check(tensors, count: expected.entry.count)
    steps = try Self.steps(tensors, expected)
    let difference: String?
    do throws(FileError) {
      difference = try expected.entry.mark.difference(from: path, isWhole: true)
    } catch {
      throw Self.error(path, "cannot be read: \(error.words)")
    }
    if let difference {
      throw Self.error(
        path, "is not the file that \(RunFolder.File.windows.rawValue) names: it \(difference)")
    }
  }

  /// Whether the file contains hypergradients.
  private static func isObserved(_ file: SafeTensorsFile) -> Bool {
    file.shape(of: Tensor.h.rawValue) != nil || file.shape(of: Tensor.steps.rawValue) != nil
  }

  /// h, `[σ, columns]` row-major; empty if nothing was observed.
  ///
  /// - Throws: `RecordError` if it cannot be read.
  package func hypergradients() throws(RecordError) -> [Double] {
    guard Self.isObserved(tensors) else { return [] }
    return try Self.numbers(Tensor.h.rawValue, tensors)
  }

  /// φ during the window, `[q]`.
  ///
  /// - Throws: `RecordError` if it cannot be read.
  package func raw() throws(RecordError) -> [Double] {
    try Self.numbers(Tensor.raw.rawValue, tensors)
  }

  /// The estimates by name, `[columns]` each.
  ///
  /// - Throws: `RecordError` if they cannot be read.
  package func estimates() throws(RecordError) -> [(name: String, numbers: [Double])] {
    var estimates: [(name: String, numbers: [Double])] = []
    for name in tensors.names where name.hasPrefix(Tensor.estimates) {
      estimates.append(
        (
          String(name.dropFirst(Tensor.estimates.count)), try Self.numbers(name, tensors)
        ))
    }
    return estimates
  }

  private static func check(_ file: SafeTensorsFile, count: Int) throws(RecordError) {
    var shapes: [(name: String, shape: [Int])] = [
      (Tensor.raw.rawValue, [count]), (Tensor.rawAfter.rawValue, [count]),
    ]
    if isObserved(file) {
      guard let h = file.shape(of: Tensor.h.rawValue), h.count == 2, h[0] >= 1, h[1] >= 1 else {
        throw error(
          file.path,
          "has \(shape(Tensor.h.rawValue, file)), which must have the shape [steps, columns]")
      }
      shapes += [(Tensor.steps.rawValue, [h[0]])]
      shapes += file.names.filter { $0.hasPrefix(Tensor.estimates) }.map { ($0, [h[1]]) }
    }
    for (name, wanted) in shapes where file.shape(of: name) != wanted {
      throw error(file.path, "has \(shape(name, file)), which must have the shape \(wanted)")
    }
    let known = Set(shapes.map(\.name) + [Tensor.h.rawValue])
    for name in file.names {
      guard known.contains(name) else {
        throw error(file.path, "holds \(name), which no window has")
      }
      guard let type = file.type(of: name), type == .float64 else {
        throw error(file.path, "holds \(name) in another type than F64")
      }
    }
  }

  private static func steps(
    _ file: SafeTensorsFile, _ expected: Expectation
  ) throws(RecordError) -> [Int] {
    guard isObserved(file) else {
      guard expected.observed ?? 0 == 0 else {
        throw error(
          file.path,
          "has no \(Tensor.h.rawValue), and window \(expected.entry.window) was observed "
            + "\(expected.observed ?? 0) time(s)")
      }
      return []
    }
    let steps = try numbers(Tensor.steps.rawValue, file).map { Int(exactly: $0) ?? 0 }
    if let observed = expected.observed, observed != steps.count {
      throw error(
        file.path,
        "has \(steps.count) step(s), and window \(expected.entry.window) was observed \(observed) "
          + "time(s)")
    }
    guard steps[0] >= expected.firstStep, steps[0] <= Self.mostSteps,
      steps.indices.allSatisfy({ steps[$0] == steps[0] + $0 })
    else {
      throw error(
        file.path,
        "has other steps than window \(expected.entry.window): they must be whole numbers from "
          + "\(expected.firstStep) on, one after the other")
    }
    return steps
  }

  /// The legal range of inner.steps.
  private static let mostSteps = 1_000_000_000

  // Unchecked: an estimate that was not trusted may be non-finite.
  private static func numbers(
    _ name: String, _ file: SafeTensorsFile
  ) throws(RecordError) -> [Double] {
    guard let entry = file.entry(name) else { throw error(file.path, "has no \(name)") }
    let range = file.dataStart + entry.bytes.lowerBound..<file.dataStart + entry.bytes.upperBound
    do throws(FileError) {
      return try file.input.numbers(at: range, type: entry.type)
    } catch {
      throw self.error(file.path, "cannot be read: \(error.words)")
    }
  }

  private static func shape(_ name: String, _ file: SafeTensorsFile) -> String {
    file.shape(of: name).map { "the shape \($0) for \(name)" } ?? "no \(name)"
  }

  private static func error(_ path: String, _ sentence: String) -> RecordError {
    RecordError(path, "\(sentence). Take a copy of the file that is not damaged.")
  }

  private static func reason(_ error: SafeTensorsError) -> String {
    switch error.problem {
    case .truncated(let needed, let found): "it has \(found) of \(needed) bytes"
    case .badHeader(let why): why
    case .file(let error): error.words
    default: "its tensors do not fit its header"
    }
  }
}
