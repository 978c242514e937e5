import Datasets
import Hypergradients
import Learning
import MessagePassing
import Settings

/// Checks that all hosts of a job have the same program, data and kernels.
///
/// An old copy of the program or a damaged data file on one host would give wrong results without
/// an error.
package enum HostAgreement {
  /// Ends the job, naming the host, if one has another program or other data; a collective.
  ///
  /// Likewise for different kernels if columns are spread over ranks: each column group trains θ by
  /// itself, and the copies would drift apart. With a single group the results are sound, but not
  /// bitwise those of one host; the root then gets a warning in return.
  package static func require(
    of world: any Communicator, data: SplitData, network: any Model, isKnown: Bool = true,
    columnGroups: Int
  ) -> String? {
    guard world.size > 1 else { return nil }
    let checksum = world.allOrNone { try DataChecksum.of(data) }
    let own = HostFingerprint.ofThisProcess(
      checksum: checksum, model: DataChecksum.of(network) ?? "")
    let all = world.gatherVariable(own.bytes)?.compactMap { HostFingerprint(bytes: $0) } ?? []
    let warning = world.onRoot { () throws -> String? in
      if let problem = difference(\.program, all) {
        throw RunError("\(problem) another glocal-dist. Copy one and the same file to all hosts.")
      }
      if let problem = difference(\.images, all) {
        throw RunError(
          "\(problem) other \(data.training.noun)s (by their checksum). Compare the files "
            + "\(isKnown ? "in --data " : "")between the hosts, as with "
            + "sha256sum.")
      }
      if let problem = difference(\.model, all) {
        throw RunError(
          "\(problem) another \(network.name) (by its checksum). Copy one and the same file to all "
            + "hosts.")
      }
      guard let problem = difference(\.kernels, all) else { return nil }
      let sentence =
        "\(problem) other kernels (\(kernels(of: all))). Hand one choice to all ranks: mpirun "
        + "-x OPENBLAS_CORETYPE=Haswell -x OPENBLAS_L2_SIZE=512 -x ONEDNN_MAX_CPU_ISA=AVX2 suits any "
        + "x86-64 processor of the last ten years."
      if columnGroups > 1 { throw RunError(sentence) }
      return sentence + " The results will not be those of one host bit for bit."
    }
    return warning ?? nil
  }

  /// The hosts that differ from the majority of ranks, as the beginning of a sentence; nil if none
  /// does.
  package static func difference(
    _ property: KeyPath<HostFingerprint, String>, _ all: [HostFingerprint]
  ) -> String? {
    var counts: [String: Int] = [:]
    for fingerprint in all { counts[fingerprint[keyPath: property], default: 0] += 1 }
    guard counts.count > 1, let first = all.first else { return nil }
    // In a tie, the root is right.
    let most = counts.values.max() ?? 0
    let own = first[keyPath: property]
    let usual =
      counts[own] == most
      ? own : all.map { $0[keyPath: property] }.first { counts[$0] == most } ?? own
    var hosts: [String] = []
    for fingerprint in all where fingerprint[keyPath: property] != usual {
      if !hosts.contains(fingerprint.host) { hosts.append(fingerprint.host) }
    }
    let names = hosts.joined(separator: ", ")
    return hosts.count == 1 ? "The host \(names) has" : "The hosts \(names) have"
  }

  private static func kernels(of all: [HostFingerprint]) -> String {
    var seen: [String] = []
    var words: [String] = []
    for fingerprint in all where !seen.contains(fingerprint.kernels) {
      seen.append(fingerprint.kernels)
      words.append("\(fingerprint.host): \(fingerprint.kernels)")
    }
    return words.joined(separator: "; ")
  }
}
