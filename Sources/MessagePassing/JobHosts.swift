import CMPI
import Glibc

/// The hosts of a job and the address of each.
struct JobHosts {
  /// The names, ``CMPI_HOST_LENGTH`` bytes each, zero-terminated.
  let names: [CChar]
  /// The host index of every rank.
  let hostOfRank: [Int32]
  /// The address of every host, in network byte order.
  let addresses: [UInt32]

  var count: Int { addresses.count }

  func address(ofRank rank: Int) -> UInt32 { addresses[Int(hostOfRank[rank])] }

  /// A collective of all ranks.
  init(of world: any Communicator) {
    let own = Record(
      host: hostName(),
      addresses: HostAddress.chosen(
        among: HostAddress.ofThisHost(),
        by: getenv("OMPI_MCA_btl_tcp_if_include").map { String(cString: $0) }))
    let all = world.allgatherVariable(own.bytes)
    self.init(records: all, ranks: world.size)
  }

  /// Parses what the ranks sent, one ``Record`` after another.
  init(records: [UInt8], ranks: Int) {
    var numbers: [[UInt8]: Int32] = [:]
    var names: [CChar] = []
    var candidates: [[HostAddress]] = []
    var hostOfRank: [Int32] = []
    hostOfRank.reserveCapacity(ranks)
    for rank in 0..<ranks {
      let record = records[rank * Record.length..<(rank + 1) * Record.length]
      let name = Array(record.prefix(Record.nameLength))
      if let number = numbers[name] {
        hostOfRank.append(number)
        continue
      }
      let number = Int32(numbers.count)
      numbers[name] = number
      hostOfRank.append(number)
      names += name.map { CChar(bitPattern: $0) }
      candidates.append(Record.addresses(in: record.dropFirst(Record.nameLength)))
    }
    self.names = names
    self.hostOfRank = hostOfRank
    addresses = HostAddress.common(to: candidates).map { $0.bigEndian }
  }

  /// A rank's information about its host, of the same length on every rank.
  struct Record {
    static let nameLength = Int(CMPI_HOST_LENGTH)
    static let most = 8
    static let length = nameLength + 8 * most

    let bytes: [UInt8]

    init(host: String, addresses: [HostAddress]) {
      // The last byte of the name remains 0.
      var bytes = Array(host.utf8.prefix(Self.nameLength - 1))
      bytes += [UInt8](repeating: 0, count: Self.nameLength - bytes.count)
      for address in addresses.prefix(Self.most) {
        for word in [address.address, address.mask] {
          for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
      }
      bytes += [UInt8](repeating: 0, count: Self.length - bytes.count)
      self.bytes = bytes
    }

    static func addresses(in bytes: ArraySlice<UInt8>) -> [HostAddress] {
      let words = stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { start in
        bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      }
      return stride(from: 0, to: words.count, by: 2).compactMap {
        words[$0] == 0 ? nil : HostAddress(address: words[$0], mask: words[$0 + 1])
      }
    }
  }
}
