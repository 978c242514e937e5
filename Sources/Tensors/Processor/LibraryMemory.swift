import COpenBLAS
import Glibc

/// The memory that BLAS allocates for itself.
///
/// If the system refuses an allocation, OpenBLAS retries forever. So this checks once that there is
/// enough memory, and then makes OpenBLAS allocate it before anything else can.
public enum LibraryMemory {
  /// Makes BLAS allocate the memory for its threads (``BLASLibrary/threads``).
  ///
  /// - Returns: the number of bytes that could not be allocated; nil on success.
  public static func claim() -> Int? {
    if let bytes = lacking(threads: BLASLibrary.threads) { return bytes }
    multiply()
    return nil
  }

  /// Checks that there is memory for BLAS with so many threads, without keeping it.
  ///
  /// - Returns: the number of bytes that could not be allocated; nil on success.
  public static func lacking(threads: Int) -> Int? {
    let bytes = threads * bufferBytes + spareBytes
    var taken: [UnsafeMutableRawPointer] = []
    defer { for piece in taken { munmap(piece, bufferBytes) } }
    // One by one, as OpenBLAS does: the total may exceed the largest contiguous block.
    for _ in 0..<threads {
      guard let piece = mapped(bufferBytes) else { return bytes }
      taken.append(piece)
    }
    guard let spare = mapped(spareBytes) else { return bytes }
    munmap(spare, spareBytes)
    return nil
  }

  /// OpenBLAS's BUFFER_SIZE on x86-64.
  private static let bufferBytes = 128 << 20

  /// For oneDNN's kernels, the first few images, and stacks.
  private static let spareBytes = 48 << 20

  private static func mapped(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let piece = mmap(
      nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0)
    return piece == MAP_FAILED ? nil : piece
  }

  /// A product large enough to use all threads.
  private static func multiply() {
    let n = 256
    let ones = [Float](repeating: 1, count: n * n)
    var product = ones
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(n), Int32(n), Int32(n), 1, ones, Int32(n),
      ones, Int32(n), 0, &product, Int32(n))
  }
}
