import CMPI
import Glibc
import Testing

@testable import MessagePassing

/// Whoever is not of the job can neither end it nor hide a rank that is silent.
@Suite(.serialized) struct StrangerTests {
  private let junk = [UInt8]("not of this job, whatever it is".utf8)

  /// Also where the kernel drops nothing for us.
  @Test(arguments: [true, false]) func aFloodEndsNobody(isFiltered: Bool) {
    let job = ScriptedJob(size: 3, limit: 4)
    if !isFiltered {
      var unused: Int32 = 0
      #expect(
        setsockopt(
          cmpi_heart_socket(job.hearts[1]), SOL_SOCKET, SO_DETACH_FILTER, &unused, 4) == 0)
    }
    let stranger = Stranger()
    job.run(seconds: 1, stride: 0.2)
    // 5000 a second; a buffer of the kernel's default size holds 256.
    job.run(seconds: 16, stride: 0.1) { stranger.send(junk, to: job.ports[1], times: 500) }
    #expect(job.said.isEmpty && job.ended.isEmpty)
    #expect(job.warnings.count == 1, "one warning, of the rank that is flooded")
    let text = job.warnings.first?.text ?? ""
    #expect(text.contains("rank 1 of 3 on h0: datagrams that are not this job's"), "\(text)")
    #expect(text.contains("UDP port \(job.ports[1]) of 127.0.0.1 (5000 a second)"), "\(text)")
  }

  @Test func junkTakesNoRoomFromBeats() {
    let job = ScriptedJob(size: 2, limit: 4)
    let stranger = Stranger()
    stranger.send(junk, to: job.ports[1], times: 20_000)
    job.run(seconds: 0.2, stride: 0.1)
    // Rank 1 heard rank 0 behind all of it: it misses it from now on.
    job.absent = [0]
    job.run(seconds: 9, stride: 0.1)
    #expect(job.said.map(\.rank) == [1])
  }

  /// The flooded rank does not judge; those who hear well do, and all end.
  @Test func whoeverIsNotFloodedStillSeesSilence() {
    let job = ScriptedJob(size: 4, limit: 4)
    let stranger = Stranger()
    job.run(seconds: 1, stride: 0.2)
    job.absent = [2]
    job.run(seconds: 10, stride: 0.1) { stranger.send(junk, to: job.ports[1], times: 500) }
    #expect(job.ended.count == 3)
    #expect(job.said.map(\.rank) == [0])
    #expect(job.said.first?.text.contains("from rank 2 on h0 (") == true)
  }

  @Test func silenceCountsAgainWhenAFloodIsOver() {
    let job = ScriptedJob(size: 2, limit: 4)
    let stranger = Stranger()
    job.run(seconds: 1, stride: 0.2)
    job.absent = [1]
    job.run(seconds: 16, stride: 0.1) { stranger.send(junk, to: job.ports[0], times: 500) }
    #expect(job.said.isEmpty && job.warnings.count == 1)
    job.run(seconds: 6, stride: 0.1)
    #expect(job.said.map(\.rank) == [0] && job.ended.count == 1)
  }

  /// A datagram of the job, seen on the way, may be taken once; a changed one, or one signed with another
  /// job's key, never.
  @Test(arguments: ["once", "again", "changed", "other key"]) func datagramsAreTakenOnce(
    what: String
  ) {
    let key: [UInt64] = [3, 4]
    guard let heart = cmpi_heart_make(0, 2, key, 4),
      let sender = cmpi_heart_make(1, 2, what == "other key" ? [3, 5] : key, 4)
    else { return }
    defer {
      cmpi_heart_free(heart)
      cmpi_heart_free(sender)
    }
    let loopback = HostAddress.loopback.bigEndian
    // What rank 1 sends comes here, and rank 0 gets it from here.
    let tap = Stranger()
    var port: UInt32 = 0
    var ofSender: UInt32 = 0
    #expect(cmpi_heart_open(heart, loopback, &port) == 0)
    #expect(cmpi_heart_open(sender, loopback, &ofSender) == 0)
    let toTap = cmpi_place(address: loopback, port: tap.port)
    #expect(cmpi_heart_add_neighbour(heart, 1, toTap) == 0)
    #expect(cmpi_heart_add_neighbour(sender, 0, toTap) == 0)
    _ = cmpi_heart_turn(sender, 0)
    guard let beat = tap.receive() else {
      Issue.record("rank 1 sent nothing")
      return
    }
    #expect(beat.count >= 40)
    var now = 0.0
    var news: Set<UInt32> = []
    for step in 0..<80 {
      now += 0.1
      switch what {
      case "once" where step == 0: tap.send(beat, to: port)
      case "again", "other key": tap.send(beat, to: port)
      case "changed":
        var changed = beat
        changed[step % beat.count] ^= 1
        tap.send(changed, to: port)
      default: break
      }
      news.insert(cmpi_heart_turn(heart, now).rawValue)
    }
    // Heard once and then silent, or never heard at all.
    let wasHeard = what == "once" || what == "again"
    #expect(news.contains(CMPI_HEART_SPEAKS.rawValue) == wasHeard)
  }

  @Test func signaturesAreSipHash() {
    // The vector in the paper's appendix A.
    let key: [UInt64] = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908]
    let message = (0..<15).map { UInt8($0) }
    #expect(cmpi_heart_hash(key, message, 15) == 0xa129_ca61_49be_45e5)
  }
}
