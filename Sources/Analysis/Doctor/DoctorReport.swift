import Tensors

/// The text that `glocal-dist doctor` prints.
package struct DoctorReport: CustomStringConvertible, Sendable {
  private let facts: MachineFacts

  /// Creates a report on a machine.
  package init(_ facts: MachineFacts) { self.facts = facts }

  /// The facts in two columns, followed by the warnings with their remedies.
  package var description: String {
    let facts = versions + messages + products + machine + data
    let width = facts.map(\.name.count).max() ?? 0
    var lines = facts.map { fact in
      fact.name + String(repeating: " ", count: width - fact.name.count + 2) + fact.value
    }
    let warnings = DoctorWarning.about(self.facts)
    for warning in warnings {
      lines += ["", "warning: \(warning.sentence)", "  remedy: \(warning.remedy)"]
    }
    lines += ["", warnings.isEmpty ? "No warnings." : "Warnings: \(warnings.count)."]
    return lines.joined(separator: "\n")
  }

  private typealias Fact = (name: String, value: String)

  private var versions: [Fact] {
    VersionReport.lines(
      launcher: facts.launcher, launcherVersion: facts.launcherVersion,
      products: facts.products.configuration, convolutions: facts.convolutions.version,
      buildLevel: facts.buildLevel)
  }

  private var messages: [Fact] {
    let launched = facts.launched
    let started =
      launched.isLaunched
      ? "by a launcher, \(launched.size.map { "\($0)" } ?? "an unknown number of") ranks"
      : "directly, one rank"
    let yields = facts.environment["OMPI_MCA_mpi_yield_when_idle"].map { "set to \($0)" }
    return [
      ("started", started),
      ("ranks here", "\(facts.ranks) on \(cores); more need mpirun --oversubscribe or a hostfile"),
      (
        "yield when idle",
        yields ?? (facts.ranks > facts.cores ? "the program will ask for it" : "not needed")
      ),
    ]
  }

  private var products: [Fact] {
    let choice =
      facts.environment[KernelChoice.guardVariable] != nil
      ? " (chosen by this program)"
      : facts.environment[KernelChoice.variable] != nil ? " (chosen by OPENBLAS_CORETYPE)" : ""
    let threads = facts.convolutions.threads.map { "\($0)" } ?? "an unknown number"
    return [
      ("BLAS kernels", facts.products.kernels + choice),
      (
        "oneDNN kernels", "for \(facts.convolutions.instructionSet)"
      ),
      ("kernels of the presets", kernels),
      ("tried here", trials),
      ("compute: bfloat16", bfloat16),
      (
        "threads",
        "BLAS \(facts.products.threads), oneDNN \(threads) as loaded; a run sets parallel.threads"
      ),
    ]
  }

  private var kernels: String {
    let survey = facts.convolutions.kernels
    let slow = survey.slow.isEmpty ? "" : "; \(survey.slow.count) operations by plain loops"
    return survey.implementations.joined(separator: " ") + ", layout \(survey.layout.rawValue)"
      + slow
  }

  private var trials: String {
    facts.trials.map { trial in
      "\(trial.operation) \(Int(trial.gigaflops.rounded())) GFLOP/s\(trial.isRight ? "" : " and WRONG")"
    }.joined(separator: ", ")
  }

  private var bfloat16: String {
    switch facts.convolutions.bfloat16 {
    case .matrixUnit: "by the matrix unit (AMX): convolutions much faster than in float32"
    case .vectors: "by AVX-512: convolutions about twice as fast as in float32"
    case .rounding: "emulated, by rounding and float32 kernels: nothing to gain"
    }
  }

  private var machine: [Fact] {
    let interesting = ["avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16", "amx_tile"]
    let flags = interesting.filter(facts.processor.flags.contains)
    let model = facts.processor.model.isEmpty ? "unknown" : facts.processor.model
    let available = facts.availableMemory.map { Self.gigabytes($0) } ?? "unknown"
    let total = facts.totalMemory.map { Self.gigabytes($0) } ?? "unknown"
    return [
      (
        "processor",
        "\(model), \(cores)" + (flags.isEmpty ? "" : ", " + flags.joined(separator: " "))
      ),
      ("memory", "\(available) free of \(total)"),
      ("/dev/shm", facts.freeSharedMemory.map { "\(Self.gigabytes($0)) free" } ?? "missing"),
    ]
  }

  private var data: [Fact] {
    guard let data = facts.data else {
      return [("data", "no folder given (--data or GLOCAL_DATA); glyphs need none")]
    }
    guard data.exists else { return [("data", "\(data.path): no such folder")] }
    let sets = data.holdings.map { holding in
      let state =
        switch holding.state {
        case .absent: "not there"
        case .unusable: "unusable"
        case .part(let train, let test): "in part (\(train) + \(test) images)"
        case .complete: "complete"
        }
      return "\(holding.set.rawValue) \(state)"
    }
    return [("data", "\(data.path): \(sets.joined(separator: ", "))")]
  }

  private var cores: String { facts.cores == 1 ? "1 core" : "\(facts.cores) cores" }

  /// Bytes in GB with one decimal, rounded down.
  private static func gigabytes(_ bytes: UInt64) -> String {
    let tenths = bytes / 100_000_000
    return "\(tenths / 10).\(tenths % 10) GB"
  }
}
