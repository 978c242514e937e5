import Presentation
import Settings
import Tensors

/// A property of the machine that makes runs slow or fail, and the remedy.
package struct DoctorWarning: Equatable, Sendable {
  /// What is wrong.
  package let sentence: String
  /// What to do.
  package let remedy: String

  /// All warnings about a machine.
  package static func about(_ facts: MachineFacts) -> [DoctorWarning] {
    [
      launcher(facts), root(facts), slurm(facts), yielding(facts), kernels(facts),
      plainLoops(facts), wrongKernels(facts),
      instructionSet(facts), threads(facts), sharedMemory(facts), memory(facts),
    ].compactMap { $0 } + data(facts)
  }

  private static func launcher(_ facts: MachineFacts) -> DoctorWarning? {
    guard facts.launcher != nil else {
      return DoctorWarning(
        sentence: "mpirun is not in PATH: only one rank can run.",
        remedy: "Install Open MPI (Debian: apt-get install openmpi-bin).")
    }
    guard let version = facts.launcherVersion, !version.contains("Open MPI") else { return nil }
    return DoctorWarning(
      sentence: "mpirun is \(version), but this program is linked to Open MPI.",
      remedy: "Put Open MPI's mpirun first in PATH.")
  }

  private static func root(_ facts: MachineFacts) -> DoctorWarning? {
    let names = ["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]
    guard facts.isRoot, !facts.launched.isLaunched, facts.launcher != nil,
      !names.allSatisfy({ facts.environment[$0] == "1" })
    else { return nil }
    return DoctorWarning(
      sentence: "mpirun refuses to run as root.",
      remedy: "export \(names[0])=1 \(names[1])=1, or start with --ranks N, which does so.")
  }

  private static func slurm(_ facts: MachineFacts) -> DoctorWarning? {
    let tasks = (facts.environment["SLURM_STEP_NUM_TASKS"] ?? facts.environment["SLURM_NTASKS"])
      .flatMap { Int($0) }
    guard let tasks, tasks > 1, facts.environment["SLURM_PROCID"] != nil,
      !facts.launched.isLaunched
    else { return nil }
    return DoctorWarning(
      sentence: "Slurm started \(tasks) tasks that cannot find each other.",
      remedy: "Use srun --mpi=pmix, or mpirun inside the allocation.")
  }

  private static func yielding(_ facts: MachineFacts) -> DoctorWarning? {
    let name = "OMPI_MCA_mpi_yield_when_idle"
    guard facts.ranks > facts.cores, let value = facts.environment[name],
      ["0", "false", "no"].contains(value.lowercased())
    else { return nil }
    return DoctorWarning(
      sentence: "\(facts.ranks) ranks share \(facts.cores) cores and do not yield when idle: "
        + "each small message can take 25 ms.",
      remedy: "unset \(name): the program then sets it as needed.")
  }

  private static func kernels(_ facts: MachineFacts) -> DoctorWarning? {
    guard KernelChoice.isPoor(facts.products.kernels, on: facts.processor) else { return nil }
    let sentence =
      "OpenBLAS uses its \(facts.products.kernels) kernels, without this processor's AVX-512."
    if facts.environment[KernelChoice.variable] != nil {
      return DoctorWarning(
        sentence: sentence,
        remedy: "unset \(KernelChoice.variable): the program then chooses SkylakeX.")
    }
    return DoctorWarning(
      sentence: sentence,
      remedy: facts.products.configuration.contains("DYNAMIC_ARCH")
        ? "export \(KernelChoice.variable)=SkylakeX."
        : "Install an OpenBLAS built with DYNAMIC_ARCH (Debian: libopenblas0-pthread).")
  }

  private static func plainLoops(_ facts: MachineFacts) -> DoctorWarning? {
    facts.convolutions.kernels.warning.map {
      DoctorWarning(sentence: $0.sentence, remedy: $0.remedy)
    }
  }

  private static func wrongKernels(_ facts: MachineFacts) -> DoctorWarning? {
    guard let wrong = facts.trials.first(where: { !$0.isRight }) else { return nil }
    return DoctorWarning(
      sentence: "the \(wrong.operation) computes wrong numbers on this processor (off by "
        + "\(NumberText.brief(wrong.error)) of the result's size).",
      remedy:
        "export \(KernelChoice.variable)=Haswell DNNL_MAX_CPU_ISA=AVX2 and look again; install a newer "
        + "OpenBLAS or oneDNN.")
  }

  private static func instructionSet(_ facts: MachineFacts) -> DoctorWarning? {
    let names = ["DNNL_MAX_CPU_ISA", "ONEDNN_MAX_CPU_ISA"]
    guard let name = names.first(where: { facts.environment[$0] != nil }),
      facts.processor.hasAVX512, !facts.convolutions.instructionSet.contains("AVX-512")
    else { return nil }
    return DoctorWarning(
      sentence: "\(name) keeps oneDNN at \(facts.convolutions.instructionSet).",
      remedy: "unset \(name).")
  }

  private static func threads(_ facts: MachineFacts) -> DoctorWarning? {
    for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"] {
      guard let threads = facts.environment[name].flatMap({ Int($0) }), threads > 1,
        threads * facts.ranks > facts.cores
      else { continue }
      return DoctorWarning(
        sentence: "\(name)=\(threads) for \(facts.ranks) ranks is more than \(facts.cores) cores.",
        remedy: "unset \(name): parallel.threads decides, 1 unless set.")
    }
    return nil
  }

  private static func sharedMemory(_ facts: MachineFacts) -> DoctorWarning? {
    // Open MPI's segment takes 4 MB per rank; the same again for the kernel's bookkeeping and large
    // messages.
    let needed = UInt64(facts.ranks) * 8 << 20
    guard facts.ranks > 1 || facts.launched.isLaunched, let free = facts.freeSharedMemory,
      free < needed
    else { return nil }
    return DoctorWarning(
      sentence: "/dev/shm has \(free >> 20) MB free; \(facts.ranks) ranks want \(needed >> 20) MB.",
      remedy: "Enlarge it (containers: --shm-size=1g), or export OMPI_MCA_btl=self,tcp.")
  }

  private static func memory(_ facts: MachineFacts) -> DoctorWarning? {
    // A rank of the largest preset needs less than 500 MB.
    let needed = UInt64(facts.ranks) * 500 << 20
    guard let available = facts.availableMemory, available < needed else { return nil }
    return DoctorWarning(
      sentence: "\(available >> 20) MB of memory are free; \(facts.ranks) ranks may want "
        + "\(needed >> 20) MB.",
      remedy: "Start fewer ranks, or end other programs.")
  }

  private static func data(_ facts: MachineFacts) -> [DoctorWarning] {
    guard let data = facts.data else { return [] }
    guard data.exists else {
      return [
        DoctorWarning(
          sentence: "the data folder \(data.path) does not exist.",
          remedy: "Correct --data or GLOCAL_DATA; scripts/fetch-data SET DIR fills a folder.")
      ]
    }
    return data.holdings.compactMap { holding in
      switch holding.state {
      case .absent, .complete: return nil
      case .unusable(let error):
        return DoctorWarning(sentence: "\(error.path) \(error.problem).", remedy: error.remedy)
      case .part(let train, let test):
        let official = holding.set.officialCounts
        // Other formats state their number of images, so fewer may be intended.
        guard [.cifar10, .cifar100].contains(holding.set) else { return nil }
        return DoctorWarning(
          sentence: "\(holding.set.rawValue) has \(train) training and \(test) test images, but "
            + "the official set has \(official.train) and \(official.test).",
          remedy:
            "scripts/fetch-data \(holding.set.rawValue) \(data.path); or, if a part is meant, "
            + "run with --set data.partial=true.")
      }
    }
  }
}
