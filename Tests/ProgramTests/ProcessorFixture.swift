import Tensors

/// What the tests of this machine's kernels need.
enum ProcessorFixture {
  /// Whether OpenBLAS can be given kernels with AVX-512 here.
  static var canChooseKernels: Bool {
    ProcessorDescription.ofThisMachine.hasAVX512 && BLASLibrary.choosesKernels
  }
}
