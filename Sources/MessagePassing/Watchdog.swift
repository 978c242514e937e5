import CMPI
import Glibc

/// Detects ranks that have become silent, which MPI does not.
///
/// A rank that was stopped, or whose host or cable has failed, would block the others in a
/// collective forever. With a watchdog every rank has a thread that sends heartbeats (UDP) to a few
/// others, its ``neighbours(of:size:)``, so the cost hardly depends on the number of ranks. If a
/// neighbour that has been heard is then silent for longer than the limit, the job ends: the
/// verdict passes from neighbour to neighbour, one line names all silent ranks, their hosts and the
/// routine that was waiting, and every rank exits with ``ExitCode/silence``. A slow rank that is
/// computing is never silent. If a firewall blocks all heartbeats, nobody is watched, and rank 0
/// says so.
///
/// Heartbeats are signed with a number that only the ranks know. Other datagrams are dropped, by
/// the kernel where possible, and while many of them arrive, silence is not taken for death.
public enum Watchdog {
  /// Starts watching until the job finishes or fails; a collective of the whole job.
  ///
  /// Does nothing without MPI or with a single rank.
  ///
  /// - Parameters:
  ///   - world: all ranks.
  ///   - limit: the maximum silence in seconds, above 0.
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
    // All ranks or none, so that a rank without a socket does not count as silent.
    guard world.agree(isReady) else {
      cmpi_heart_free(heart)
      if world.isRoot { writeLine("no watchdog: a rank has no socket for it, or no memory") }
      return
    }
    if cmpi_watch_start(heart, ExitCode.silence) != 0 {
      writeLine("rank \(world.rank) has no watchdog: no thread for it")
    }
  }

  /// The ranks that `rank` sends heartbeats to and watches: those 1, 2, 4, 8, … positions ahead and
  /// behind in a ring.
  static func neighbours(of rank: Int, size: Int) -> [Int] {
    var neighbours = [Int32](repeating: 0, count: Int(CMPI_MOST_NEIGHBOURS))
    let count = cmpi_heart_neighbours(Int32(rank), Int32(size), &neighbours)
    return neighbours.prefix(Int(count)).map { Int($0) }.sorted()
  }
}
