import CMPI

/// An IPv4 address of a host, first byte in the highest bits.
struct HostAddress: Hashable {
  var interface = ""
  var address: UInt32
  var mask: UInt32

  static let loopback: UInt32 = 0x7f00_0001

  private var network: HostNetwork { HostNetwork(address: address & mask, mask: mask) }

  /// The addresses at which other hosts may reach this one.
  static func ofThisHost() -> [HostAddress] {
    var interfaces = [cmpi_interface](repeating: cmpi_interface(), count: 256)
    let count = Int(cmpi_interfaces(&interfaces, Int32(interfaces.count)))
    return interfaces.prefix(count).map { interface in
      let name = withUnsafeBytes(of: interface.name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      return HostAddress(
        interface: name, address: UInt32(bigEndian: interface.address),
        mask: UInt32(bigEndian: interface.mask))
    }
  }

  /// The addresses that Open MPI is configured to use; `list` holds interfaces or networks such as
  /// `10.1.0.0/16`, separated by commas.
  ///
  /// All addresses if the list is nil or matches none on this host.
  static func chosen(among all: [HostAddress], by list: String?) -> [HostAddress] {
    let words = (list ?? "").split(separator: ",").map {
      String($0.filter { !$0.isWhitespace })
    }
    let networks = words.compactMap { HostNetwork($0) }
    let chosen = all.filter { candidate in
      words.contains(candidate.interface) || networks.contains { $0.contains(candidate.address) }
    }
    return chosen.isEmpty ? all : chosen
  }

  /// For each host, the address at which the others can be expected to reach it.
  ///
  /// On a single host, the loopback address. On several, every host uses the network that most
  /// hosts are in; ties go to the network listed first on the first host. An address that two hosts
  /// share, such as that of a container bridge, is not reachable from the other host.
  static func common(to hosts: [[HostAddress]]) -> [UInt32] {
    guard hosts.count > 1 else { return hosts.map { _ in loopback } }
    var owners: [UInt32: Int] = [:]
    for host in hosts {
      for address in Set(host.map(\.address)) { owners[address, default: 0] += 1 }
    }
    let own = hosts.map { host in host.filter { owners[$0.address] == 1 } }
    var members: [HostNetwork: Int] = [:]
    var order: [HostNetwork: Int] = [:]
    for host in own {
      for network in Set(host.map(\.network)) { members[network, default: 0] += 1 }
      for address in host where order[address.network] == nil {
        order[address.network] = order.count
      }
    }
    func worth(_ address: HostAddress) -> (Int, Int) {
      (members[address.network] ?? 0, -(order[address.network] ?? 0))
    }
    return own.map { host in host.max { worth($0) < worth($1) }?.address ?? loopback }
  }
}

/// A network such as `10.1.0.0/16`.
struct HostNetwork: Hashable {
  let address: UInt32
  let mask: UInt32

  init(address: UInt32, mask: UInt32) {
    self.address = address
    self.mask = mask
  }

  /// Parses `A.B.C.D/BITS`.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let bits = Int(parts[1]), (0...32).contains(bits) else { return nil }
    let bytes = parts[0].split(separator: ".", omittingEmptySubsequences: false).compactMap {
      UInt8($0)
    }
    guard bytes.count == 4 else { return nil }
    mask = bits == 0 ? 0 : UInt32.max << UInt32(32 - bits)
    address = bytes.reduce(0) { $0 << 8 | UInt32($1) } & mask
  }

  func contains(_ address: UInt32) -> Bool { address & mask == self.address }
}
