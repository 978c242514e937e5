import CMPI
import Glibc

@testable import MessagePassing

/// A job of scripted ranks in one process: real sockets and datagrams, a clock that the test moves.
///
/// A rank that is `absent` is never driven: it is stopped, or gone with its host.
final class ScriptedJob {
  struct News: Equatable {
    var rank: Int
    var seconds: Double
    var text: String
  }

  let hearts: [OpaquePointer]
  private(set) var ports: [UInt32] = []
  var absent: Set<Int> = []
  private(set) var now = 0.0
  private(set) var warnings: [News] = []
  private(set) var said: [News] = []
  /// When each rank ended.
  private(set) var ended: [Int: Double] = [:]

  /// - Parameters:
  ///   - hostOfRank: the number of each rank's host; `h0`, `h1`, … are their names.
  init(size: Int, limit: Double, key: [UInt64] = [1, 2], hostOfRank: (Int) -> Int = { $0 / 128 }) {
    // A socket a rank.
    var files = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
    files.rlim_cur = files.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
    let hosts = (0..<size).map { Int32(hostOfRank($0)) }
    let count = (hosts.max() ?? 0) + 1
    var names = [CChar](repeating: 0, count: Int(count) * Int(CMPI_HOST_LENGTH))
    for host in 0..<Int(count) {
      for (index, byte) in "h\(host)".utf8.enumerated() {
        names[host * Int(CMPI_HOST_LENGTH) + index] = CChar(bitPattern: byte)
      }
    }
    hearts = (0..<size).map { rank in
      guard let heart = cmpi_heart_make(Int32(rank), Int32(size), key, limit) else {
        fatalError("no memory")
      }
      precondition(cmpi_heart_name_hosts(heart, names, count, hosts) == 0)
      return heart
    }
    for heart in hearts {
      var port: UInt32 = 0
      let code = cmpi_heart_open(heart, HostAddress.loopback.bigEndian, &port)
      precondition(code == 0, "no socket: errno \(code)")
      ports.append(port)
    }
    for (rank, heart) in hearts.enumerated() {
      for neighbour in Watchdog.neighbours(of: rank, size: size) {
        let place = cmpi_place(
          address: HostAddress.loopback.bigEndian, port: ports[neighbour])
        precondition(cmpi_heart_add_neighbour(heart, Int32(neighbour), place) == 0)
      }
    }
  }

  deinit { for heart in hearts { cmpi_heart_free(heart) } }

  /// Drives all ranks that are there until all have ended, or for so many seconds of their clock.
  ///
  /// - Parameter step: what happens before every step of the clock.
  func run(seconds: Double, stride: Double, step: () -> Void = {}) {
    let end = now + seconds
    while now < end, ended.count + absent.count < hearts.count {
      now += stride
      step()
      for (rank, heart) in hearts.enumerated() where !absent.contains(rank) && ended[rank] == nil {
        let news = cmpi_heart_turn(heart, now)
        let item = News(rank: rank, seconds: now, text: String(cString: cmpi_heart_text(heart)))
        switch news {
        case CMPI_HEART_WARNS: warnings.append(item)
        case CMPI_HEART_SPEAKS: said.append(item)
        case CMPI_HEART_ENDS: ended[rank] = now
        default: break
        }
      }
    }
  }

  func leave(_ rank: Int) {
    cmpi_heart_leave(hearts[rank])
    absent.insert(rank)
  }
}

/// Somebody who is not of the job: a UDP socket that sends what it likes.
final class Stranger {
  private let file = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
  let port: UInt32

  init() {
    let file = file
    var own = Self.place(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &own) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(file, $0, length) == 0 ? getsockname(file, $0, &length) : -1
      }
    }
    precondition(code == 0)
    port = UInt32(UInt16(bigEndian: own.sin_port))
  }

  deinit { close(file) }

  private static func place(_ port: UInt32) -> sockaddr_in {
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = UInt16(port).bigEndian
    place.sin_addr.s_addr = HostAddress.loopback.bigEndian
    return place
  }

  func send(_ bytes: [UInt8], to port: UInt32, times: Int = 1) {
    var place = Self.place(port)
    withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { to in
        for _ in 0..<times {
          _ = sendto(file, bytes, bytes.count, 0, to, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
  }

  /// The next datagram that came here, if any.
  func receive() -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 2048)
    let count = recv(file, &bytes, bytes.count, Int32(MSG_DONTWAIT))
    return count < 0 ? nil : Array(bytes.prefix(count))
  }
}
