import COneDNN

/// Many matrix products C ← A B of the same size in one oneDNN call (`dnnl_matmul`).
final class OneDNNBatchedProduct {
  /// The storage order of a factor.
  enum Order {
    /// Row-major.
    case rows
    /// Column-major.
    case columns
  }

  private let primitive: OneDNNPrimitive
  /// oneDNN's name for the kernel it chose.
  let implementation: String

  /// - Parameters:
  ///   - count: the number of products.
  ///   - spacings: elements from one matrix of A, of B and of C to the next.
  ///   - accumulate: whether to add to C.
  init(
    count: Int, rows: Int, columns: Int, inner: Int, left: Order = .rows, right: Order = .rows,
    spacings: (left: Int, right: Int, result: Int), accumulate: Bool
  ) {
    func description(
      _ height: Int, _ width: Int, _ order: Order, _ spacing: Int
    ) -> dnnl_memory_desc_t {
      var result = dnnl_memory_desc_t()
      let sizes = [count, height, width].map { dnnl_dim_t($0) }
      let strides = (order == .rows ? [spacing, width, 1] : [spacing, 1, height])
        .map { dnnl_dim_t($0) }
      OneDNN.check(
        dnnl_memory_desc_init_by_strides(&result, 3, sizes, dnnl_f32, strides),
        "dnnl_memory_desc_init_by_strides")
      return result
    }
    var a = description(rows, inner, left, spacings.left)
    var b = description(inner, columns, right, spacings.right)
    var c = description(rows, columns, .rows, spacings.result)
    var operation = dnnl_matmul_desc_t()
    OneDNN.check(dnnl_matmul_desc_init(&operation, &a, &b, nil, &c), "dnnl_matmul_desc_init")
    var description: dnnl_primitive_desc_t?
    OneDNN.withAttributes(accumulate: accumulate) { attributes in
      OneDNN.check(
        dnnl_primitive_desc_create(
          &description, &operation, attributes, OneDNNContext.ofThisThread.engine, nil),
        "dnnl_primitive_desc_create")
    }
    implementation = OneDNN.implementation(of: description)
    primitive = OneDNNPrimitive(description)
    primitive.addArgument(DNNL_ARG_SRC, a)
    primitive.addArgument(DNNL_ARG_WEIGHTS, b)
    primitive.addArgument(DNNL_ARG_DST, c)
  }

  func execute(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>
  ) {
    primitive.execute(a, b, c)
  }
}
