import CMPI
import Glibc

/// Notices ranks that fall silent, which MPI does not.
///
/// A rank that was stopped, or whose host or cable is gone, leaves the others in a collective for
/// good. With a watchdog every rank sends heartbeats (UDP) from a thread of its own to a few others,
/// its ``neighbours(of:size:)``, so that it makes no difference how many ranks there are. A neighbour
/// that has been heard and then is silent for longer than the limit ends the job: the word goes from
/// neighbour to neighbour, one line names all that are silent, their hosts and the routine that waited,
/// and every rank ends with ``ExitCode/silence``. A slow rank that computes is never silent. Where a
/// firewall keeps heartbeats from arriving at all, nobody is watched, and rank 0 says so.
///
/// Heartbeats are signed with a number that only the ranks know. Datagrams of others are dropped, by
/// the kernel where it can, and while they come in numbers nobody's silence is taken for death.
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
    let key = world.broadcast((0..<2).map { _ in Int64.random(in: Int64.min...Int64.max) })
    let hosts = JobHosts(of: world)
    let heart = cmpi_heart_make(
      Int32(world.rank), Int32(world.size), key.map { UInt64(bitPattern: $0) }, limit)
    var port: UInt32 = 0
    var isReady = false
    if let heart {
      isReady =
        cmpi_heart_name_hosts(heart, hosts.names, Int32(hosts.count), hosts.hostOfRank) == 0
        && cmpi_heart_open(heart, hosts.address(ofRank: world.rank), &port) == 0
    }
    let ports = world.allgather(Int32(port))
    for rank in neighbours(of: world.rank, size: world.size) where isReady {
      let place = cmpi_place(
        address: hosts.address(ofRank: rank), port: UInt32(bitPattern: ports[rank]))
      isReady = cmpi_heart_add_neighbour(heart, Int32(rank), place) == 0
    }
    // All or none, so that a rank without a socket is not taken for a silent one.
    guard world.agree(isReady) else {
      cmpi_heart_free(heart)
      if world.isRoot { writeLine("no watchdog: a rank has no socket for it, or no memory") }
      return
    }
    if cmpi_watch_start(heart, ExitCode.silence) != 0 {
      writeLine("rank \(world.rank) has no watchdog: no thread for it")
    }
  }

  /// Whom a rank beats to and watches: those 1, 2, 4, 8, … further on in the ring of all, and back.
  static func neighbours(of rank: Int, size: Int) -> [Int] {
    var neighbours = [Int32](repeating: 0, count: Int(CMPI_MOST_NEIGHBOURS))
    let count = cmpi_heart_neighbours(Int32(rank), Int32(size), &neighbours)
    return neighbours.prefix(Int(count)).map { Int($0) }.sorted()
  }
}
