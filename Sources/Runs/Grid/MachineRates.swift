/// The time that a machine needs for the parts of a window, in seconds on one rank.
package struct MachineRates: Equatable, Sendable {
  /// The gradient of one shard: replay, pullback, and accumulation.
  package var gradient: Double
  /// One tangent of it.
  package var tangent: Double
  /// The validation gradient of one shard.
  package var validation: Double
  /// The optimizer's work on one vector of p elements.
  package var update: Double
  /// Sending one vector of p elements between two ranks of a host.
  package var local: Double
  /// The same between hosts.
  package var remote: Double
  /// Starting a message between two ranks of a host.
  package var localLatency: Double
  /// Starting a message between two hosts.
  package var remoteLatency: Double

  /// Creates rates.
  package init(
    gradient: Double, tangent: Double, validation: Double, update: Double, local: Double,
    remote: Double, localLatency: Double, remoteLatency: Double
  ) {
    self.gradient = gradient
    self.tangent = tangent
    self.validation = validation
    self.update = update
    self.local = local
    self.remote = remote
    self.localLatency = localLatency
    self.remoteLatency = remoteLatency
  }

  /// Rates relative to the gradient of one shard, for choices that must not depend on a
  /// measurement: a tangent costs two gradients, a message of p elements a twelfth (LeNet and
  /// WideResNet 16-2 on ranks of one host).
  package static let nominal = MachineRates(
    gradient: 1, tangent: 2, validation: 1, update: 0.01, local: 1.0 / 24, remote: 1.0 / 24,
    localLatency: 0, remoteLatency: 0)
}

/// How ranks are placed on hosts.
package struct HostLayout: Equatable, Sendable {
  /// Ranks per host; all of them if there is a single host.
  package var ranksPerNode: Int

  /// Creates a layout.
  package init(ranksPerNode: Int) { self.ranksPerNode = ranksPerNode }

  /// Whether `count` consecutive ranks, starting at a multiple of `count`, are on one host.
  func isLocal(neighbours count: Int) -> Bool {
    count <= ranksPerNode && ranksPerNode % count == 0
  }
}
