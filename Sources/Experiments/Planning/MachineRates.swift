/// What a machine takes for the pieces that a window is made of, in seconds on one rank.
public struct MachineRates: Equatable, Sendable {
  /// The gradient of one shard: replay, pullback, and adding it up.
  public var gradient: Double
  /// One tangent of it.
  public var tangent: Double
  /// The validation gradient of one shard.
  public var validation: Double
  /// The optimizer's work on one vector of p numbers.
  public var update: Double
  /// Sending one vector of p numbers between two ranks of a host.
  public var local: Double
  /// The same between hosts.
  public var remote: Double
  /// Starting a message between two ranks of a host.
  public var localLatency: Double
  /// Starting a message between two hosts.
  public var remoteLatency: Double

  /// Rates.
  public init(
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
  public static let nominal = MachineRates(
    gradient: 1, tangent: 2, validation: 1, update: 0.01, local: 1.0 / 24, remote: 1.0 / 24,
    localLatency: 0, remoteLatency: 0)
}

/// How ranks lie on hosts.
public struct HostLayout: Equatable, Sendable {
  /// Ranks of a host; all of them where there is one host.
  public var ranksPerNode: Int

  /// A layout.
  public init(ranksPerNode: Int) { self.ranksPerNode = ranksPerNode }

  /// Whether `count` neighbours, from any multiple of `count` on, lie on one host.
  func isLocal(neighbours count: Int) -> Bool {
    count <= ranksPerNode && ranksPerNode % count == 0
  }
}
