import COneDNN

/// Copies a tensor into another layout or type (`dnnl_reorder`).
final class OneDNNReorder {
  let sourceBytes: Int
  let destinationBytes: Int
  private let primitive: OneDNNPrimitive

  /// - Parameter accumulate: whether to add to the destination.
  init(
    from source: dnnl_memory_desc_t, to destination: dnnl_memory_desc_t, accumulate: Bool = false
  ) {
    var source = source
    var destination = destination
    sourceBytes = dnnl_memory_desc_get_size(&source)
    destinationBytes = dnnl_memory_desc_get_size(&destination)
    let engine = OneDNNContext.ofThisThread.engine
    var description: dnnl_primitive_desc_t?
    OneDNN.withAttributes(accumulate: accumulate) { attributes in
      OneDNN.check(
        dnnl_reorder_primitive_desc_create(
          &description, &source, engine, &destination, engine, attributes),
        "dnnl_reorder_primitive_desc_create")
    }
    primitive = OneDNNPrimitive(description)
    primitive.addArgument(DNNL_ARG_FROM, source)
    primitive.addArgument(DNNL_ARG_TO, destination)
  }

  func execute(_ source: UnsafeRawPointer, _ destination: UnsafeMutableRawPointer) {
    primitive.execute(source, destination)
  }
}

/// An operand of a convolution in the form a kernel reads: float32 in this module's layout,
/// converted to another layout, to rounded values, or both.
///
/// Held operands are converted once, into their own memory; others on every read, into memory
/// shared by all convolutions.
final class ConvertedOperand {
  private let operand: ConvolutionOperand
  private let wanted: dnnl_memory_desc_t
  private let reorder: OneDNNReorder?
  private let context = OneDNNContext.ofThisThread
  private var held: UnsafePointer<Float>?
  private var isConverted = false
  private lazy var copy = Buffer<Float>(count: ((reorder?.destinationBytes ?? 0) + 3) / 4)

  init(_ operand: ConvolutionOperand, from ours: dnnl_memory_desc_t, to wanted: dnnl_memory_desc_t)
  {
    self.operand = operand
    self.wanted = wanted
    reorder = OneDNN.areEqual(ours, wanted) ? nil : OneDNNReorder(from: ours, to: wanted)
  }

  /// Whether another kernel's operand needs the same conversion.
  func isLike(_ operand: ConvolutionOperand, _ layout: dnnl_memory_desc_t) -> Bool {
    self.operand == operand && OneDNN.areEqual(wanted, layout)
  }

  /// See `ConvolutionKernels.hold`.
  func hold(_ operand: ConvolutionOperand, at pointer: UnsafePointer<Float>?) {
    guard operand == self.operand else { return }
    held = pointer
    isConverted = false
  }

  /// The converted elements, valid until the next read of this operand.
  func read(_ numbers: UnsafePointer<Float>) -> UnsafeRawPointer {
    guard let reorder else { return UnsafeRawPointer(numbers) }
    guard numbers == held else {
      let memory = context.memory(for: operand, bytes: reorder.destinationBytes)
      reorder.execute(numbers, memory)
      return UnsafeRawPointer(memory)
    }
    if !isConverted { reorder.execute(numbers, copy.pointer) }
    isConverted = true
    return UnsafeRawPointer(copy.pointer)
  }
}

/// A result that a kernel writes in its own layout, converted to this module's layout.
final class ConvertedResult {
  private let operand: ConvolutionOperand
  private let reorder: OneDNNReorder?
  private let context = OneDNNContext.ofThisThread

  init(
    _ operand: ConvolutionOperand, from theirs: dnnl_memory_desc_t, to ours: dnnl_memory_desc_t,
    accumulate: Bool = false
  ) {
    self.operand = operand
    reorder =
      OneDNN.areEqual(ours, theirs)
      ? nil : OneDNNReorder(from: theirs, to: ours, accumulate: accumulate)
  }

  /// Runs the kernel, then converts its result into `numbers`.
  func write(
    to numbers: UnsafeMutablePointer<Float>, _ kernel: (UnsafeMutableRawPointer) -> Void
  ) {
    guard let reorder else { return kernel(numbers) }
    let memory = context.memory(for: operand, bytes: reorder.sourceBytes)
    kernel(memory)
    reorder.execute(memory, numbers)
  }
}

extension OneDNN {
  static func areEqual(_ one: dnnl_memory_desc_t, _ other: dnnl_memory_desc_t) -> Bool {
    var (one, other) = (one, other)
    return dnnl_memory_desc_equal(&one, &other) != 0
  }

  /// Attributes: a user-provided scratchpad and, if requested, accumulation y ← y + ….
  static func withAttributes<Result>(
    accumulate: Bool, _ body: (dnnl_primitive_attr_t?) -> Result
  ) -> Result {
    var attributes: dnnl_primitive_attr_t?
    check(dnnl_primitive_attr_create(&attributes), "dnnl_primitive_attr_create")
    defer { dnnl_primitive_attr_destroy(attributes) }
    check(
      dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
      "dnnl_primitive_attr_set_scratchpad_mode")
    if accumulate {
      var operations: dnnl_post_ops_t?
      check(dnnl_post_ops_create(&operations), "dnnl_post_ops_create")
      check(dnnl_post_ops_append_sum(operations, 1), "dnnl_post_ops_append_sum")
      check(
        dnnl_primitive_attr_set_post_ops(attributes, operations), "dnnl_primitive_attr_set_post_ops"
      )
      dnnl_post_ops_destroy(operations)
    }
    return body(attributes)
  }
}
