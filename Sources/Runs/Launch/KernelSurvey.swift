import Networks
import Settings
import Storage
import Tensors

/// The kernels that serve a network on this machine, and which of them are a library's plain loops.
///
/// Where oneDNN has no kernel for a processor it computes all the same, a hundred times slower, and
/// says nothing.
package struct KernelSurvey: Sendable {
  /// How images lie in memory.
  package let layout: ImageLayout
  /// The names of the kernels, each once, such as `jit:avx2`.
  package let implementations: [String]
  /// The operations that a plain loop serves.
  package let slow: [KernelName]

  /// A survey of kernels; in double precision there are none of oneDNN's.
  package init(_ kernels: [KernelName], layout: ImageLayout = .ofThisProcess) {
    self.layout = layout
    implementations = Set(kernels.map(\.implementation)).sorted()
    slow = kernels.filter(\.isReference)
  }

  /// The kernels of a network.
  package init(_ network: any Network, shard: Int) { self.init(network.kernels(shard: shard)) }

  /// The kernels that train a network as configured.
  package init(_ network: any Network, _ configuration: Configuration) {
    self.init(
      configuration.precision == .float
        ? network.kernels(shard: configuration.parallel.shard, compute: configuration.compute) : [])
  }

  /// The kernels for the networks of all presets.
  package static var ofAllPresets: KernelSurvey {
    var seen: Set<String> = []
    let networks = Preset.all.map(\.configuration.network).filter {
      seen.insert($0.printed).inserted
    }
    return KernelSurvey(networks.flatMap { $0.network(classCount: 10).kernels(shard: 16) })
  }

  /// What is slow and how slow, and what to do; nil where nothing is.
  package var warning: (sentence: String, remedy: String)? {
    guard let first = slow.first else { return nil }
    let others = slow.count == 1 ? "" : " and \(slow.count - 1) more"
    return (
      "oneDNN \(ConvolutionLibrary.version) has no kernel of this processor for the "
        + "\(first.operation)\(others) and takes plain loops: expect them to be 50 to 300 times slower.",
      "Unset DNNL_MAX_CPU_ISA and ONEDNN_MAX_CPU_ISA, or install a newer oneDNN."
    )
  }

  /// For `summary.json`.
  package var json: JSONValue {
    [
      "image_layout": .string(layout.rawValue),
      "onednn": .array(implementations.map { .string($0) }),
      "plain_loops": .array(slow.map { .string($0.operation) }),
    ]
  }
}
