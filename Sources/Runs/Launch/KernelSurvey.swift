import Learning
import Settings
import Storage
import Tensors

/// The kernels used for a network on this machine, and which of them are reference implementations.
///
/// Where oneDNN has no kernel for a processor it still computes, a hundred times slower, without a
/// warning.
package struct KernelSurvey: Sendable {
  /// The memory layout of images.
  package let layout: ImageLayout
  /// The kernels' names without duplicates, such as `jit:avx2`.
  package let implementations: [String]
  /// The operations that use a reference implementation.
  package let slow: [KernelName]

  /// A survey of kernels; in double precision none of them are oneDNN's.
  package init(_ kernels: [KernelName], layout: ImageLayout = .ofThisProcess) {
    self.layout = layout
    implementations = Set(kernels.map(\.implementation)).sorted()
    slow = kernels.filter(\.isReference)
  }

  /// The kernels of a network.
  package init(_ network: any DescribedModel, shard: Int) {
    self.init(network.kernels(shard: shard, compute: .full))
  }

  /// The kernels that train a network as configured.
  package init(_ network: any DescribedModel, _ configuration: Configuration) {
    self.init(
      configuration.precision == .float
        ? network.kernels(shard: configuration.parallel.shard, compute: configuration.compute) : [])
  }

  /// The kernels for the networks of all presets.
  package static var ofAllPresets: KernelSurvey {
    var seen: Set<String> = []
    let presets = Preset.all.map(\.configuration).filter {
      seen.insert($0.network.printed).inserted
    }
    return KernelSurvey(
      presets.flatMap { (try? $0.expectedModel())?.kernels(shard: 16, compute: .full) ?? [] })
  }

  /// What is slow, by how much, and the remedy; nil if nothing is.
  package var warning: (sentence: String, remedy: String)? {
    guard let first = slow.first else { return nil }
    let others = slow.count == 1 ? "" : " and \(slow.count - 1) more"
    return (
      "oneDNN \(ConvolutionLibrary.version) has no kernel of this processor for the "
        + "\(first.operation)\(others) and takes plain loops: expect them to be 50 to 300 times slower.",
      "Unset DNNL_MAX_CPU_ISA and ONEDNN_MAX_CPU_ISA, or install a newer oneDNN."
    )
  }

  /// The survey for `summary.json`.
  package var json: JSONValue {
    [
      "image_layout": .string(layout.rawValue),
      "onednn": .array(implementations.map { .string($0) }),
      "plain_loops": .array(slow.map { .string($0.operation) }),
    ]
  }
}
