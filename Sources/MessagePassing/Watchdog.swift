import CMPI
import Glibc

/// Notices ranks that fall silent, which MPI does not.
///
/// A rank that was stopped, or whose host or cable is gone, leaves the others in a collective for
/// good. With a watchdog every rank sends heartbeats from a thread of its own (UDP) to rank 0 and to
/// its two neighbours, rank 0 to all. A rank that has been heard and then is silent for longer than
/// the limit ends the job: one line names it, its host and the routine that waited, and the exit code
/// is ``ExitCode/silence``. A slow rank that computes is never silent. Where a firewall keeps
/// heartbeats from arriving at all, nobody is watched.
public enum Watchdog {
  /// Starts watching; a collective of the whole job, which finishing or failing ends.
  ///
  /// Does nothing without MPI, or with one rank.
  ///
  /// - Parameters:
  ///   - world: all ranks.
  ///   - limit: seconds of silence, above 0.
  public static func start(watching world: any Communicator, limit: Double) {
    precondition(limit > 0, "a watchdog's limit is above 0 s, not \(limit)")
    guard world.size > 1, world is MPICommunicator else { return }
    var own = cmpi_peer()
    own.rank = Int32(world.rank)
    let code = cmpi_watch_open(&own)
    withUnsafeMutableBytes(of: &own.host) { host in
      // The last byte stays 0.
      for (index, byte) in hostName().utf8.prefix(host.count - 1).enumerated() {
        host[index] = byte
      }
    }
    let token = world.broadcast(Int64.random(in: Int64.min...Int64.max))
    let all = peers(world.allgatherVariable(bytes(of: own)))
    // All or none, so that a rank without a socket is not taken for a silent one.
    guard world.agree(code == 0) else {
      if world.isRoot { writeLine("no watchdog: a rank has no socket for it") }
      return
    }
    let watched = watchedRanks(by: world.rank, size: world.size).map {
      reachable(all[$0], from: own)
    }
    let started = cmpi_watch_start(
      &own, Int32(world.size), UInt64(bitPattern: token), limit, ExitCode.silence, watched,
      Int32(watched.count))
    if started != 0 { writeLine("rank \(world.rank) has no watchdog: no thread for it") }
  }

  /// Whom a rank watches: rank 0 all, the others rank 0 and their neighbours in the ring.
  static func watchedRanks(by rank: Int, size: Int) -> [Int] {
    if rank == 0 { return Array(1..<size) }
    return Set([0, rank - 1, (rank + 1) % size]).subtracting([rank]).sorted()
  }

  /// Where a peer's socket is to be found: on the same host by the loopback.
  private static func reachable(_ peer: cmpi_peer, from own: cmpi_peer) -> cmpi_peer {
    guard name(of: peer) == name(of: own) else { return peer }
    var peer = peer
    peer.addresses = (UInt32(0x7f00_0001).bigEndian, 0, 0, 0, 0, 0, 0, 0)
    return peer
  }

  private static func name(of peer: cmpi_peer) -> [UInt8] {
    withUnsafeBytes(of: peer.host) { Array($0) }
  }

  private static func bytes(of peer: cmpi_peer) -> [UInt8] {
    withUnsafeBytes(of: peer) { Array($0) }
  }

  private static func peers(_ bytes: [UInt8]) -> [cmpi_peer] {
    bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: MemoryLayout<cmpi_peer>.size).map {
        bytes.loadUnaligned(fromByteOffset: $0, as: cmpi_peer.self)
      }
    }
  }
}
