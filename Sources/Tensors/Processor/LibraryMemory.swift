import COpenBLAS
import Glibc

/// The memory that BLAS takes for itself.
///
/// OpenBLAS has no answer to a system that refuses it: it asks again, forever. So it is asked once
/// whether there is as much, and then made to take it before anything else can.
public enum LibraryMemory {
  /// Lets BLAS take what it needs for its threads (``BLASLibrary/threads``).
  ///
  /// - Returns: the bytes that cannot be had; nil where all is well.
  public static func claim() -> Int? {
    if let bytes = lacking(threads: BLASLibrary.threads) { return bytes }
    multiply()
    return nil
  }

  /// Asks whether there is memory for BLAS with so many threads, and takes none.
  ///
  /// - Returns: the bytes that cannot be had; nil where all is well.
  public static func lacking(threads: Int) -> Int? {
    let bytes = threads * bufferBytes + spareBytes
    var taken: [UnsafeMutableRawPointer] = []
    defer { for piece in taken { munmap(piece, bufferBytes) } }
    // One by one, as OpenBLAS does: many threads may have more address space than one piece can.
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

  /// For oneDNN's kernels, a first few images and stacks.
  private static let spareBytes = 48 << 20

  private static func mapped(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let piece = mmap(
      nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0)
    return piece == MAP_FAILED ? nil : piece
  }

  /// A product that all threads have a share in.
  private static func multiply() {
    let n = 256
    let ones = [Float](repeating: 1, count: n * n)
    var product = ones
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(n), Int32(n), Int32(n), 1, ones, Int32(n),
      ones, Int32(n), 0, &product, Int32(n))
  }
}
