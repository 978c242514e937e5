import Tensors

/// A computation recorded once and replayed on every shard of images.
///
/// A model is an ordinary function of variables: calling it with a tape records its operations
/// (`convolution`, `leakyRectified`, …). `seal` then lays all numbers out in one arena, after which
/// replaying allocates nothing. A new kind of operation is a class that conforms to ``Operation``.
/// Four passes exist:
///
///     value             y = f(x)                                   replay()
///     pullback          g = f′(x)ᵀ c for a seed c                  pullback(seed:into:)
///     tangent           ẏ = f′(x) ẋ along one direction            tangents(along:)
///     pullback tangent  ġ = f′(x)ᵀ ċ + (d/dε f′(x + ε ẋ))ᵀ c       pullbackTangents(seed:into:)
///
/// The seeds are the caller's: a loss may do with the outputs what it likes, as long as it knows its
/// own derivatives. The last two run once per tangent with the primal numbers at hand. A tangent sees the same shapes
/// and the same kernels however many others there are, so its bits do not depend on how columns are
/// spread over ranks, and memory does not grow with their number.
///
///     let tape = Tape<Float>()
///     let images = tape.input(.image(batch: 16, channels: 1, height: 28, width: 28))
///     let weights = tape.parameter(.matrix(rows: 10, columns: 784), offset: 0)
///     let losses = tape.crossEntropy(…)
///     tape.seal(output: losses, passes: .tangents)
public final class Tape<Number: Scalar> {
  /// Which passes a tape has memory for.
  public enum Passes: Int, Sendable {
    /// Values only.
    case values
    /// Values and gradients.
    case gradients
    /// Values, gradients and their tangents.
    case tangents
  }

  /// How products read their operands.
  public let compute: ComputePrecision
  private(set) var operations: [any Operation<Number>] = []
  /// Those that the passes after the values run through: active, and the output depends on them.
  private var differentiated: [any Operation<Number>] = []
  private(set) var variables: [Variable<Number>] = []
  private var parameters: [Variable<Number>] = []
  private var statistics: [Variable<Number>] = []
  /// What a replay of a training step finds out for statistics: their place in the flat vector, and
  /// the numbers, valid until the next replay.
  public private(set) var measurements: [(offset: Int, values: RetainedValues<Number>)] = []
  /// Those that the output does not depend on: their gradient is zero.
  private var idleParameters: [Variable<Number>] = []
  private(set) var scratchCount = 0
  private var arena: Buffer<Number>?
  private var scratchBuffer: Buffer<Number>?
  private var check: MemoryCheck<Number>?
  private var output: Variable<Number>?
  /// What it was sealed for; `tangents` before.
  public private(set) var passes: Passes = .tangents
  /// Who the examples are, for operations that draw random numbers.
  public let draws = ReplayDraws()
  /// Counts the time of the passes by kind of work; nil, as at first, costs nothing.
  public var profile: WorkProfile?

  /// A tape with nothing on it.
  public init(compute: ComputePrecision = .full) { self.compute = compute }

  // MARK: Recording

  /// A variable to be filled before every replay; nothing is differentiated with respect to it.
  ///
  /// Whole numbers are an ``IntegerInput``.
  public func input(_ shape: Shape) -> Variable<Number> {
    remember(Variable(shape: shape, isActive: false))
  }

  /// A part of the flat parameter vector, from `offset` on.
  ///
  /// Parts do not overlap: a parameter with several uses is one variable with several uses.
  public func parameter(_ shape: Shape, offset: Int) -> Variable<Number> {
    let variable = Variable<Number>(shape: shape, isActive: true, offset: offset)
    for other in parameters {
      let start = other.offset ?? 0
      precondition(
        offset + shape.count <= start || start + other.count <= offset,
        "the parameters \(shape) at \(offset) and \(other.shape) at \(start) overlap")
    }
    parameters.append(variable)
    return variable
  }

  /// A part of the flat parameter vector that is read and not differentiated, such as running
  /// statistics.
  ///
  /// A gradient's part at this place is left alone by all passes.
  public func statistic(_ shape: Shape, offset: Int) -> Variable<Number> {
    let variable = Variable<Number>(shape: shape, isActive: false, offset: offset)
    statistics.append(variable)
    return variable
  }

  /// Says what an operation found out about the examples of a replay that belongs at the place of a
  /// statistic; see ``measurements``.
  public func measure(_ statistic: Variable<Number>, as values: RetainedValues<Number>) {
    guard let offset = statistic.offset else {
      preconditionFailure("only a statistic of the flat vector is measured")
    }
    precondition(
      values.count == statistic.count, "\(values.count) numbers for \(statistic.shape)")
    measurements.append((offset, values))
  }

  /// The variable that will hold an operation's result: what an operation asks for when it is made.
  ///
  /// It is active if one of the operands is.
  public func result(_ shape: Shape, of operands: [Operand<Number>]) -> Variable<Number> {
    remember(Variable(shape: shape, isActive: operands.contains { $0.variable.isActive }))
  }

  /// Appends an operation and returns its result.
  ///
  /// Operations run in the order of recording, so the operands must be inputs, parameters or results
  /// of operations recorded before.
  public func record(_ operation: some Operation<Number>) -> Variable<Number> {
    precondition(arena == nil, "an operation was recorded on a sealed tape")
    operations.append(operation)
    return operation.result
  }

  /// The sizes of the recorded convolutions, each once, in the order of recording.
  public var convolutions: [ConvolutionGeometry] {
    var seen: Set<ConvolutionGeometry> = []
    return operations.compactMap(\.work.geometry).filter { seen.insert($0).inserted }
  }

  /// Floating-point operations of all products that a pass takes, two a multiplication.
  public func productOperations(of pass: TapePass) -> Int {
    operations.reduce(0) { sum, operation in
      guard pass == .value || operation.result.isActive else { return sum }
      return sum + operation.work.products(of: pass) * operation.work.productOperations
    }
  }

  /// Asks, when an operation is made, for `count` numbers of memory to use within one pass.
  ///
  /// All operations share it: what one leaves there is overwritten by the next. An operation that
  /// uses ``scratch`` keeps its tape `unowned`, since the tape owns the operation.
  public func reserveScratch(count: Int) { scratchCount = max(scratchCount, count) }

  /// The shared memory of `reserveScratch`, on a sealed tape.
  public var scratch: UnsafeMutablePointer<Number> {
    guard let scratchBuffer else { preconditionFailure("a tape is replayed before it is sealed") }
    return scratchBuffer.pointer
  }

  private func remember(_ variable: Variable<Number>) -> Variable<Number> {
    variables.append(variable)
    return variable
  }

  /// Ends the recording: decides who adds to which cotangent, and lays the numbers out.
  ///
  /// `output` is what is differentiated; `keeping` are values that must outlive the replay, such as
  /// the logits whose largest entries are counted. Takes time quadratic in the number of variables,
  /// once.
  public func seal(
    output: Variable<Number>, passes: Passes, keeping kept: [Variable<Number>] = [],
    memory: TapeMemory = .shared
  ) {
    precondition(output.isActive, "the output of a tape depends on no parameter")
    self.passes = passes
    let isReached = traceContributions(to: output)
    differentiated = zip(operations, isReached).filter(\.1).map(\.0)
    self.output = output
    let plan = ArenaPlan(
      operations: operations, differentiated: isReached, variables: variables, output: output,
      kept: kept, measured: measurements.map(\.values), passes: passes, memory: memory)
    let arena = Buffer<Number>(count: plan.count)
    plan.place(in: arena)
    self.arena = arena
    let scratch = Buffer<Number>(count: scratchCount)
    scratchBuffer = scratch
    if memory == .checked {
      check = MemoryCheck(plan, operations: operations, arena: arena, scratch: scratch)
    }
  }

  /// Goes back from the output and decides who adds to which cotangent.
  ///
  /// - Returns: for every operation whether the output depends on parameters through it.
  private func traceContributions(to output: Variable<Number>) -> [Bool] {
    var reached: Set<ObjectIdentifier> = [ObjectIdentifier(output)]
    var isReached = [Bool](repeating: false, count: operations.count)
    for (i, operation) in operations.enumerated().reversed()
    where operation.result.isActive && reached.contains(ObjectIdentifier(operation.result)) {
      isReached[i] = true
      for operand in operation.operands where operand.variable.isActive {
        operand.accumulates = !reached.insert(ObjectIdentifier(operand.variable)).inserted
      }
    }
    idleParameters = parameters.filter { !reached.contains(ObjectIdentifier($0)) }
    return isReached
  }

  /// Numbers of memory of the arena: what all passes of one shard need.
  public var arenaCount: Int { arena?.count ?? 0 }

  // MARK: Replaying

  /// Lets the parameters be those of the flat vector at `parameters`, which must stay alive and in
  /// place while the tape is replayed.
  public func bind(parameters: UnsafePointer<Number>) {
    let parameters = UnsafeMutablePointer(mutating: parameters)
    for parameter in self.parameters + statistics {
      parameter.valueStorage.place(at: parameters + (parameter.offset ?? 0))
    }
  }

  /// Computes all values.
  public func replay() {
    run(.value, operations) { $0.value() }
  }

  /// Computes g = Σ_n c_n ∇y_n for the outputs y, after `replay`, into a flat vector laid out as the
  /// parameters; every parameter's part is overwritten.
  ///
  /// Once per replay.
  ///
  /// - Parameters:
  ///   - seed: c, one number per output.
  ///   - gradient: g, `[p]`.
  public func pullback(
    seed: UnsafePointer<Number>, into gradient: UnsafeMutablePointer<Number>
  ) {
    for parameter in parameters {
      parameter.cotangentStorage.place(at: gradient + (parameter.offset ?? 0))
    }
    let output = sealedOutput
    output.cotangent.update(from: seed, count: output.count)
    for parameter in idleParameters {
      Elementwise.fill(parameter.cotangent, count: parameter.count, with: 0)
    }
    run(.pullback, differentiated.reversed()) { $0.pullback() }
  }

  /// Computes the outputs' tangent along the flat vector `direction`, after `pullback`.
  ///
  /// - Returns: ẏ, one number per output, until the next pass.
  public func tangents(along direction: UnsafePointer<Number>) -> UnsafePointer<Number> {
    let direction = UnsafeMutablePointer(mutating: direction)
    for parameter in parameters {
      parameter.tangentStorage.place(at: direction + (parameter.offset ?? 0))
    }
    run(.tangent, differentiated) { $0.tangent() }
    return UnsafePointer(sealedOutput.tangent)
  }

  /// Computes ġ, the tangent of `pullback` along the direction of the last `tangents`, into a flat
  /// vector; every parameter's part is overwritten.
  ///
  /// - Parameters:
  ///   - seed: ċ, the tangent of the pullback's seed.
  ///   - gradientTangent: ġ, `[p]`.
  public func pullbackTangents(
    seed: UnsafePointer<Number>, into gradientTangent: UnsafeMutablePointer<Number>
  ) {
    for parameter in parameters {
      parameter.cotangentTangentStorage.place(at: gradientTangent + (parameter.offset ?? 0))
    }
    let output = sealedOutput
    output.cotangentTangent.update(from: seed, count: output.count)
    for parameter in idleParameters {
      Elementwise.fill(parameter.cotangentTangent, count: parameter.count, with: 0)
    }
    run(.pullbackTangent, differentiated.reversed()) { $0.pullbackTangent() }
  }

  @inline(__always)
  private func run(
    _ pass: TapePass, _ operations: some Sequence<any Operation<Number>>,
    _ body: (any Operation<Number>) -> Void
  ) {
    for operation in operations {
      if let profile {
        profile.measure(operation.work, pass) { body(operation) }
      } else {
        body(operation)
      }
      check?.finish(operation, pass)
    }
  }

  private var sealedOutput: Variable<Number> {
    guard let output else { preconditionFailure("a tape is differentiated before it is sealed") }
    return output
  }
}
