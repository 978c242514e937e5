import Testing

@testable import MessagePassing

/// At which address heartbeats go.
@Suite struct JobHostsTests {
  private func address(_ text: String, _ interface: String = "") -> HostAddress {
    let network = HostNetwork(address: 0, mask: 0)
    #expect(network.contains(0))
    let parts = text.split(separator: "/")
    let bytes = parts[0].split(separator: ".").map { UInt32($0) ?? 0 }
    let bits = UInt32(parts[1]) ?? 0
    return HostAddress(
      interface: interface, address: bytes.reduce(0) { $0 << 8 | $1 },
      mask: bits == 0 ? 0 : UInt32.max << (32 - bits))
  }

  private func common(_ hosts: [[String]]) -> [String] {
    HostAddress.common(to: hosts.map { $0.map { address($0) } }).map { value in
      [24, 16, 8, 0].map { "\(value >> $0 & 255)" }.joined(separator: ".")
    }
  }

  @Test func oneHostListensOnTheLoopbackOnly() {
    #expect(common([["10.0.0.1/24", "192.168.7.4/16"]]) == ["127.0.0.1"])
  }

  @Test func hostsTakeTheNetworkTheyShare() {
    #expect(
      common([
        ["172.17.0.1/16", "192.0.2.1/24", "10.0.0.1/24"],
        ["172.17.0.1/16", "10.0.0.2/24"],
        ["198.51.100.7/24", "172.17.0.1/16", "10.0.0.3/24"],
      ]) == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
  }

  @Test func amongSharedNetworksAllTakeTheSame() {
    #expect(
      common([["10.0.0.1/24", "10.1.0.1/24"], ["10.1.0.2/24", "10.0.0.2/24"]])
        == ["10.0.0.1", "10.0.0.2"])
  }

  @Test func hostsThatRoutersJoinTakeTheirOwn() {
    #expect(
      common([["10.0.0.1/24"], ["10.0.1.1/24"], []]) == ["10.0.0.1", "10.0.1.1", "127.0.0.1"])
  }

  @Test func whatOpenMPIUsesIsUsed() {
    let all = [address("10.0.0.1/24", "eth0"), address("10.1.0.1/24", "ib0")]
    #expect(HostAddress.chosen(among: all, by: nil) == all)
    #expect(HostAddress.chosen(among: all, by: "ib0") == [all[1]])
    #expect(HostAddress.chosen(among: all, by: "lo, 10.1.0.0/16") == [all[1]])
    #expect(HostAddress.chosen(among: all, by: "eth7") == all)
    for text in ["10.1.0.0", "10.1.0/16", "10.1.0.0/33", "10.1.0.256/8", "/", ""] {
      #expect(HostNetwork(text) == nil, "\(text)")
    }
  }

  @Test func ranksFindTheirHosts() {
    let records = ["a", "b", "a", String(repeating: "x", count: 100), "b"].enumerated().flatMap {
      JobHosts.Record(host: $1, addresses: [address("10.0.0.\($0 % 3 + 1)/24", "eth0")]).bytes
    }
    let hosts = JobHosts(records: records, ranks: 5)
    #expect(hosts.hostOfRank == [0, 1, 0, 2, 1])
    #expect(hosts.count == 3 && hosts.names.count == 3 * 64)
    #expect(hosts.names[2 * 64 + 62] == 0x78 && hosts.names[2 * 64 + 63] == 0)
  }
}
