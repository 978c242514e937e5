import Tensors

/// Counts seconds and floating-point operations of a training by kind of work.
///
/// A tape that has one (`Tape.profile`) reads the clock around every operation, which takes far less
/// than an operation; a tape without one does not look at the clock at all.
///
///     let profile = WorkProfile()
///     tape.profile = profile
///     tape.replay()
///     print(profile.seconds(of: .convolution), profile.operations)
public final class WorkProfile {
  /// The calls of one kernel on one shape.
  public struct KernelCall: Hashable, Sendable {
    /// The shape.
    public let geometry: ConvolutionGeometry
    /// Which of its products.
    public let product: ConvolutionProduct
  }

  private var seconds: [WorkKind: Double] = [:]
  private let clock = ContinuousClock()
  /// Floating-point operations of all products, two a multiplication.
  public private(set) var operations = 0
  /// Those of convolutions alone.
  public private(set) var convolutionOperations = 0
  /// How often each convolution kernel was called.
  public private(set) var kernelCalls: [KernelCall: Int] = [:]

  /// A profile of nothing yet.
  public init() {}

  /// The seconds that went into a kind of work.
  public func seconds(of kind: WorkKind) -> Double { seconds[kind, default: 0] }

  /// Does some work and counts its time.
  public func measure<Result>(_ kind: WorkKind, _ body: () throws -> Result) rethrows -> Result {
    let start = clock.now
    defer { add(clock.now - start, to: kind) }
    return try body()
  }

  /// Runs a pass of an operation and counts its time and its products.
  func measure(_ work: OperationWork, _ pass: TapePass, _ body: () -> Void) {
    measure(work.kind, body)
    let count = work.products(of: pass) * work.productOperations
    operations += count
    guard let geometry = work.geometry else { return }
    convolutionOperations += count
    for product in work.convolutionProducts(of: pass) {
      kernelCalls[KernelCall(geometry: geometry, product: product), default: 0] += 1
    }
  }

  private func add(_ duration: Duration, to kind: WorkKind) {
    let (whole, attoseconds) = duration.components
    seconds[kind, default: 0] += Double(whole) + Double(attoseconds) * 1e-18
  }
}

extension Optional where Wrapped == WorkProfile {
  /// Does some work, and counts its time where there is a profile.
  public func measure<Result>(_ kind: WorkKind, _ body: () throws -> Result) rethrows -> Result {
    try self?.measure(kind, body) ?? body()
  }
}
