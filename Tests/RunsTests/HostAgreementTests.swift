import Testing

@testable import Runs

@Suite("What all hosts must have alike")
struct HostAgreementTests {
  private func hosts(_ images: [String]) -> [HostFingerprint] {
    images.enumerated().map { index, images in
      HostFingerprint(host: "h\(index / 2 + 1)", program: "p", images: images, kernels: "k")
    }
  }

  @Test("hosts alike are not named")
  func alike() {
    #expect(HostAgreement.difference(\.images, hosts(["a", "a", "a", "a"])) == nil)
    #expect(HostAgreement.difference(\.program, hosts(["a", "a", "b", "b"])) == nil)
  }

  @Test(
    "the hosts that differ from most ranks are named; where it is even, the root is right",
    arguments: [
      (["a", "a", "b", "b"], "The host h2 has"),
      (["b", "b", "a", "a", "a", "a"], "The host h1 has"),
      (["a", "a", "b", "b", "c", "c"], "The hosts h2, h3 have"), (["a", "b"], "The host h1 has"),
    ])
  func differ(images: [String], words: String) {
    #expect(HostAgreement.difference(\.images, hosts(images)) == words)
  }

  @Test("a fingerprint survives its message")
  func bytes() {
    let one = HostFingerprint(host: "ä", program: "1", images: "", kernels: "x, y=z")
    #expect(HostFingerprint(bytes: one.bytes) == one)
    #expect(HostFingerprint(bytes: []) == nil)
  }
}
