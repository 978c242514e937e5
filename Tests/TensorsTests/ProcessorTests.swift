import Testing

@testable import Tensors

@Suite("Processor and libraries")
struct ProcessorTests {
  static let avx512 = "avx512f avx512cd avx512bw avx512dq avx512vl"

  static func processor(_ flags: String) -> ProcessorDescription {
    ProcessorDescription(
      cpuinfo: "processor\t: 0\nmodel name\t: First\nflags\t\t: fpu \(flags)\n\n"
        + "processor\t: 1\nmodel name\t: Second\nflags\t\t: none\n")
  }

  @Test("the first processor of /proc/cpuinfo is read")
  func reads() {
    let processor = Self.processor("avx2 fma")
    #expect(processor.model == "First")
    #expect(processor.flags == ["fpu", "avx2", "fma"])
    #expect(ProcessorDescription(cpuinfo: "").flags.isEmpty)
    #expect(ProcessorDescription(cpuinfo: "model name:\nflags:\n").model.isEmpty)
  }

  @Test(
    "other kernels are taken only where AVX-512 lies idle",
    arguments: [
      ("Haswell", avx512, [:], "SkylakeX"), ("Zen", avx512, [:], "SkylakeX"),
      ("Prescott", avx512, [:], "SkylakeX"), ("SkylakeX", avx512, [:], nil),
      ("Cooperlake", avx512, [:], nil), ("Sapphirerapids", avx512, [:], nil),
      ("Haswell", "avx2", [:], nil), ("Haswell", "avx512f", [:], nil),
      ("Haswell", avx512, ["OPENBLAS_CORETYPE": "Haswell"], nil),
      ("Haswell", avx512, ["GLOCAL_BLAS_KERNELS": "SkylakeX"], nil),
    ] as [(String, String, [String: String], String?)])
  func chooses(kernels: String, flags: String, environment: [String: String], better: String?) {
    let processor = Self.processor(flags)
    let chosen = KernelChoice.better(
      than: kernels, choosesKernels: true, processor: processor, environment: environment)
    #expect(chosen == better)
    #expect(
      KernelChoice.better(
        than: kernels, choosesKernels: false, processor: processor, environment: environment)
        == nil)
  }

  @Test("the libraries say who they are")
  func libraries() {
    #expect(BLASLibrary.configuration.hasPrefix("OpenBLAS"))
    #expect(!BLASLibrary.kernels.isEmpty)
    #expect(ConvolutionLibrary.version.split(separator: ".").count == 3)
    #expect(!ConvolutionLibrary.instructionSet.isEmpty)
    #expect(!BuildTarget.level.isEmpty)
  }

  @Test("threads can be set from inside")
  func threads() throws {
    let before = (BLASLibrary.threads, ConvolutionLibrary.threads)
    BLASLibrary.threads = 2
    ConvolutionLibrary.setThreads(3)
    #expect(BLASLibrary.threads == 2)
    #expect(ConvolutionLibrary.threads == 3)
    BLASLibrary.threads = 1
    ConvolutionLibrary.setThreads(1)
    #expect(BLASLibrary.threads == 1)
    #expect(ConvolutionLibrary.threads == 1)
    BLASLibrary.threads = before.0
    if let threads = before.1 { ConvolutionLibrary.setThreads(threads) }
  }
}
