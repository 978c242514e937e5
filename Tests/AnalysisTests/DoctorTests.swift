import Datasets
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Analysis
@testable import Runs

@Suite("Doctor")
struct DoctorTests {
  static let flags = "avx2 fma avx512f avx512cd avx512bw avx512dq avx512vl"

  static func convolution(_ implementation: String) -> KernelName {
    KernelName(operation: "forward of a 3×3 convolution", implementation: implementation)
  }

  /// A machine with nothing to complain about: 2 ranks on 4 cores.
  static var healthy: MachineFacts {
    MachineFacts(
      processor: ProcessorDescription(cpuinfo: "model name : Example\nflags : \(flags)\n"),
      cores: 4, availableMemory: 8 << 30, totalMemory: 16 << 30, freeSharedMemory: 1 << 30,
      isRoot: false, environment: [:], ranks: 2, launcher: "/usr/bin/mpirun",
      launcherVersion: "mpirun (Open MPI) 4.1.4",
      products: .init(
        kernels: "SkylakeX", configuration: "OpenBLAS 0.3.21 DYNAMIC_ARCH", threads: 1),
      convolutions: .init(
        version: "2.6.3", instructionSet: "AVX-512 with bfloat16", bfloat16: .vectors, threads: 1,
        kernels: KernelSurvey([convolution("jit:avx512_core")])),
      trials: [KernelTrial(operation: "matrix product", error: 3e-7, gigaflops: 91.6)],
      buildLevel: "x86-64-v3 (AVX2, FMA)", data: nil)
  }

  @Test("a healthy machine gets no warning")
  func healthyMachine() {
    #expect(DoctorWarning.about(Self.healthy) == [])
    #expect("\(DoctorReport(Self.healthy))".hasSuffix("\n\nNo warnings."))
  }

  @Test(
    "says what bfloat16 is worth",
    arguments: [
      (.matrixUnit, "AMX"), (.vectors, "AVX-512"), (.rounding, "nothing to gain"),
    ] as [(BFloat16Support, String)])
  func bfloat16(support: BFloat16Support, words: String) {
    var facts = Self.healthy
    facts.convolutions.bfloat16 = support
    let lines = "\(DoctorReport(facts))".split(separator: "\n")
    let line = lines.first { $0.hasPrefix("compute: bfloat16") }
    #expect(line?.contains(words) == true)
  }

  /// One thing made wrong, and words of its warning and of its remedy.
  struct Illness: CustomTestStringConvertible, Sendable {
    let words: String
    let remedy: String
    let change: @Sendable (inout MachineFacts) -> Void
    var testDescription: String { words }
  }

  static let illnesses = [
    Illness(words: "forward of a 3×3 convolution and takes plain loops", remedy: "DNNL_MAX_CPU_ISA")
    {
      $0.convolutions.kernels = KernelSurvey([convolution("ref:any")])
    },
    Illness(words: "the matrix product computes wrong numbers", remedy: "OPENBLAS_CORETYPE") {
      $0.trials = [KernelTrial(operation: "matrix product", error: .infinity, gigaflops: 91.6)]
    },
    Illness(words: "only one rank can run", remedy: "openmpi-bin") { $0.launcher = nil },
    Illness(words: "linked to Open MPI", remedy: "PATH") { $0.launcherVersion = "HYDRA 4.0" },
    Illness(words: "refuses to run as root", remedy: "OMPI_ALLOW_RUN_AS_ROOT=1") {
      $0.isRoot = true
    },
    Illness(words: "Slurm started 4 tasks", remedy: "--mpi=pmix") {
      $0.environment = ["SLURM_NTASKS": "4", "SLURM_PROCID": "0"]
    },
    Illness(words: "do not yield", remedy: "unset OMPI_MCA_mpi_yield_when_idle") {
      $0.ranks = 8
      $0.environment = ["OMPI_MCA_mpi_yield_when_idle": "0"]
    },
    Illness(words: "its Haswell kernels", remedy: "export OPENBLAS_CORETYPE=SkylakeX") {
      $0.products.kernels = "Haswell"
    },
    Illness(words: "its Haswell kernels", remedy: "unset OPENBLAS_CORETYPE") {
      $0.products.kernels = "Haswell"
      $0.environment = ["OPENBLAS_CORETYPE": "Haswell"]
    },
    Illness(words: "its Zen kernels", remedy: "DYNAMIC_ARCH") {
      $0.products.kernels = "Zen"
      $0.products.configuration = "OpenBLAS 0.3.21"
    },
    Illness(words: "keeps oneDNN at AVX2", remedy: "unset DNNL_MAX_CPU_ISA") {
      $0.convolutions.instructionSet = "AVX2"
      $0.environment = ["DNNL_MAX_CPU_ISA": "AVX2"]
    },
    Illness(words: "OMP_NUM_THREADS=3 for 2 ranks", remedy: "parallel.threads") {
      $0.environment = ["OMP_NUM_THREADS": "3"]
    },
    Illness(words: "/dev/shm has 10 MB", remedy: "--shm-size") {
      $0.freeSharedMemory = 10 << 20
    },
    Illness(words: "900 MB of memory", remedy: "fewer ranks") { $0.availableMemory = 900 << 20 },
    Illness(words: "/nowhere does not exist", remedy: "GLOCAL_DATA") {
      $0.data = DataFolder("/nowhere")
    },
  ]

  @Test("each illness gets its warning, alone, with a remedy", arguments: illnesses)
  func warns(illness: Illness) {
    var facts = Self.healthy
    illness.change(&facts)
    let warnings = DoctorWarning.about(facts)
    #expect(warnings.count == 1)
    #expect(warnings.first?.sentence.contains(illness.words) == true)
    #expect(warnings.first?.remedy.contains(illness.remedy) == true)
    #expect("\(DoctorReport(facts))".hasSuffix("\n\nWarnings: 1."))
  }

  @Test("root is no illness under a launcher, nor with both variables")
  func rootWhereAllowed() {
    var facts = Self.healthy
    facts.isRoot = true
    facts.environment = ["OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"]
    #expect(DoctorWarning.about(facts) == [])
    facts.environment = ["OMPI_COMM_WORLD_SIZE": "2"]
    #expect(DoctorWarning.about(facts) == [])
    facts.environment["OMPI_ALLOW_RUN_AS_ROOT"] = nil
    facts.environment["OMPI_COMM_WORLD_SIZE"] = nil
    #expect(DoctorWarning.about(facts).count == 1)
  }

  @Test("a data folder is judged by what its files hold")
  func dataFolder() throws {
    let folder = try SmallIDX.folder()
    let manager = FileManager.default
    try manager.copyItem(atPath: folder.path("mnist"), toPath: folder.path("kmnist"))
    // A web page that was saved under the file's name.
    let labels = folder.path("kmnist/t10k-labels-idx1-ubyte")
    try manager.removeItem(atPath: labels)
    try Data("<html>not found</html>".utf8).write(to: URL(fileURLWithPath: labels + ".gz"))
    try manager.createDirectory(atPath: folder.path("svhn"), withIntermediateDirectories: false)
    let cifar = try SmallCIFAR.folder()
    try manager.copyItem(atPath: cifar.path("cifar-10"), toPath: folder.path("cifar-10"))
    var facts = Self.healthy
    facts.data = DataFolder(folder.path)
    let report = "\(DoctorReport(facts))"
    #expect(
      report.contains(
        "mnist in part (160 + 20 images), kmnist unusable, fashion-mnist not there, "
          + "cifar-10 in part (100 + 20 images), cifar-100 not there, svhn unusable"))
    let warnings = DoctorWarning.about(facts)
    #expect(warnings.count == 3)
    #expect(warnings[0].sentence.hasPrefix("\(labels).gz starts with the magic number 0x3c68746d"))
    #expect(
      warnings[1].sentence == "cifar-10 has 100 training and 20 test images, but the official set "
        + "has 50000 and 10000.")
    #expect(warnings[1].remedy.contains("data.partial=true"))
    #expect(warnings[2].sentence.contains("svhn/train_32x32.mat is missing"))
    // With a batch behind a gap it is no part any more.
    try manager.copyItem(
      atPath: folder.path("cifar-10/data_batch_1.bin"),
      toPath: folder.path("cifar-10/data_batch_4.bin"))
    facts.data = DataFolder(folder.path)
    #expect(
      DoctorWarning.about(facts)[1].sentence.hasSuffix(
        "data_batch_2.bin[.gz] is missing, but data_batch_4.bin is there."))
  }

  @Test("files of Linux are read as documented")
  func parsing() {
    let memory = HostMemory("MemTotal: 16 kB\nMemAvailable:    8 kB\nx\n")
    #expect(memory.total == 16384 && memory.available == 8192)
  }

  @Test("this machine can be asked")
  func thisMachine() {
    let facts = MachineFacts.gathered(ranks: 3, data: nil)
    #expect(facts.cores >= 1 && facts.ranks == 3)
    #expect(facts.totalMemory.map { $0 > 1 << 20 } ?? false)
    #expect(facts.products.configuration.hasPrefix("OpenBLAS"))
  }
}
