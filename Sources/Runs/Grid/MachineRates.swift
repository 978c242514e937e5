/// What a machine takes for the pieces that a window is made of, in seconds on one rank.
package struct MachineRates: Equatable, Sendable {
  /// The gradient of one shard: replay, pullback, and adding it up.
  package var gradient: Double
  /// One tangent of it.
  package var tangent: Double
  /// The validation gradient of one shard.
  package var validation: Double
  /// The optimizer's work on one vector of p numbers.
  package var update: Double
  /// Sending one vector of p numbers between two ranks of a host.
  package var local: Double
  /// The same between hosts.
  package var remote: Double
  /// Starting a message between two ranks of a host.
  package var localLatency: Double
  /// Starting a message between two hosts.
  package var remoteLatency: Double

  /// Rates.
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

  /// Rates in units of a gradient of one shard, for choices that must not depend on a measurement:
  /// a tangent is two of them, a message of p numbers a twelfth (LeNet and WideResNet 16-2 on ranks of
  /// one host).
  package static let nominal = MachineRates(
    gradient: 1, tangent: 2, validation: 1, update: 0.01, local: 1.0 / 24, remote: 1.0 / 24,
    localLatency: 0, remoteLatency: 0)
}

/// How ranks lie on hosts.
package struct HostLayout: Equatable, Sendable {
  /// Ranks of a host; all of them where there is one host.
  package var ranksPerNode: Int

  /// A layout.
  package init(ranksPerNode: Int) { self.ranksPerNode = ranksPerNode }

  /// Whether `count` neighbours, from any multiple of `count` on, lie on one host.
  func isLocal(neighbours count: Int) -> Bool {
    count <= ranksPerNode && ranksPerNode % count == 0
  }
}
