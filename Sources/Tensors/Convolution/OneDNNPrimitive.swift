import COneDNN
import Foundation

/// oneDNN's engine and stream, and one scratchpad for all primitives created on a thread.
///
/// A rank calls kernels from its main thread only, so one scratchpad serves all of them; primitives
/// created on another thread (tests run in parallel) get their own.
final class OneDNNContext {
  private static let key = "Tensors.OneDNNContext"

  /// The context of the calling thread.
  static var ofThisThread: OneDNNContext {
    let dictionary = Thread.current.threadDictionary
    if let context = dictionary[key] as? OneDNNContext { return context }
    let context = OneDNNContext()
    dictionary[key] = context
    return context
  }

  let engine: dnnl_engine_t?
  let stream: dnnl_stream_t?
  private var scratch = Buffer<Float>(count: 0)
  private var converted = ConvolutionOperand.allCases.map { _ in Buffer<Float>(count: 0) }

  private init() {
    var engine: dnnl_engine_t?
    OneDNN.check(dnnl_engine_create(&engine, dnnl_cpu, 0), "dnnl_engine_create")
    var stream: dnnl_stream_t?
    OneDNN.check(
      dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue), "dnnl_stream_create")
    self.engine = engine
    self.stream = stream
  }

  /// Shared scratch memory for a primitive that needs `bytes`.
  func scratchpad(bytes: Int) -> UnsafeMutableRawPointer {
    if scratch.count * 4 < bytes { scratch = Buffer(count: (bytes + 3) / 4) }
    return UnsafeMutableRawPointer(scratch.pointer)
  }

  /// Memory for one operand of the current convolution, in a kernel's own layout.
  func memory(for operand: ConvolutionOperand, bytes: Int) -> UnsafeMutableRawPointer {
    let slot = operand.rawValue
    if converted[slot].count * 4 < bytes { converted[slot] = Buffer(count: (bytes + 3) / 4) }
    return UnsafeMutableRawPointer(converted[slot].pointer)
  }
}

/// Calls to oneDNN's C interface (version 2; version 3 changed it and would need a second file).
enum OneDNN {
  /// Traps on failure: it means a wrong kernel description, which is a bug in this module.
  static func check(_ status: dnnl_status_t, _ routine: String) {
    precondition(
      status == dnnl_success, "oneDNN's \(routine) failed with status \(status.rawValue)")
  }

  static func description(
    _ sizes: [Int], _ tag: dnnl_format_tag_t, _ type: dnnl_data_type_t = dnnl_f32
  ) -> dnnl_memory_desc_t {
    var result = dnnl_memory_desc_t()
    let sizes = sizes.map { dnnl_dim_t($0) }
    check(
      dnnl_memory_desc_init_by_tag(&result, Int32(sizes.count), sizes, type, tag),
      "dnnl_memory_desc_init_by_tag")
    return result
  }
}

/// A oneDNN primitive with its arguments: built once, then executed on any pointers.
final class OneDNNPrimitive {
  private let description: dnnl_primitive_desc_t?
  private var primitive: dnnl_primitive_t?
  private let context: OneDNNContext
  private var arguments: [dnnl_exec_arg_t] = []
  private var scratchBytes = 0

  /// Takes ownership of a primitive's description.
  init(_ description: dnnl_primitive_desc_t?) {
    self.description = description
    context = .ofThisThread
    OneDNN.check(dnnl_primitive_create(&primitive, description), "dnnl_primitive_create")
    if let scratchpad = dnnl_primitive_desc_query_md(
      description, dnnl_query_scratchpad_md, 0)
    {
      scratchBytes = dnnl_memory_desc_get_size(scratchpad)
      if scratchBytes > 0 { addArgument(DNNL_ARG_SCRATCHPAD, scratchpad.pointee) }
    }
  }

  deinit {
    for argument in arguments { dnnl_memory_destroy(argument.memory) }
    dnnl_primitive_destroy(primitive)
    dnnl_primitive_desc_destroy(description)
  }

  /// The layout that the primitive chose for one of its arguments.
  func layout(_ query: dnnl_query_t) -> dnnl_memory_desc_t {
    guard let result = dnnl_primitive_desc_query_md(description, query, 0) else {
      preconditionFailure("oneDNN's primitive has no argument \(query.rawValue)")
    }
    return result.pointee
  }

  /// Declares the next argument; `execute` takes pointers in the order of these calls.
  func addArgument(_ argument: Int32, _ layout: dnnl_memory_desc_t) {
    var layout = layout
    var memory: dnnl_memory_t?
    OneDNN.check(
      dnnl_memory_create(&memory, &layout, context.engine, nil), "dnnl_memory_create")
    arguments.append(dnnl_exec_arg_t(arg: argument, memory: memory))
  }

  /// Runs the primitive on up to four pointers, in the order of `addArgument`.
  func execute(
    _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, _ third: UnsafeRawPointer? = nil,
    _ fourth: UnsafeRawPointer? = nil
  ) {
    var next = 0
    if scratchBytes > 0 {
      set(&next, context.scratchpad(bytes: scratchBytes))
    }
    set(&next, first)
    set(&next, second)
    if let third { set(&next, third) }
    if let fourth { set(&next, fourth) }
    precondition(next == arguments.count, "a oneDNN primitive got \(next) of its arguments")
    OneDNN.check(
      dnnl_primitive_execute(
        primitive, context.stream, Int32(arguments.count), arguments),
      "dnnl_primitive_execute")
  }

  private func set(_ index: inout Int, _ pointer: UnsafeRawPointer) {
    OneDNN.check(
      dnnl_memory_set_data_handle(
        arguments[index].memory, UnsafeMutableRawPointer(mutating: pointer)),
      "dnnl_memory_set_data_handle")
    index += 1
  }
}
