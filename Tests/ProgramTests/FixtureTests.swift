import Foundation
import MultiRankTesting
import TestSupport
import Testing

/// The program against hypergradients that an independent program computed (JAX, float64).
@Suite("Fixtures", .serialized) struct FixtureTests {
  static let folder: String? = {
    let path = Command.project + "/../shared/fixtures"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  @Test(
    .enabled(if: folder != nil, "needs ../shared/fixtures"),
    arguments: ["lenet", "wrn", "reweight", "reweight-detached"],
    ["forward", "reverse"])
  func agrees(case name: String, mode: String) throws {
    // In double nothing goes through oneDNN, whatever it takes the processor for.
    let isOtherProcessor = ProcessInfo.processInfo.environment["DNNL_MAX_CPU_ISA"] != nil
    var precisions = isOtherProcessor ? ["float"] : ["double", "float"]
    // A column for each of the weights takes a minute, with the kernels of "wrn": one of the precisions,
    // and none for another processor. The adjoints, which are quick, have both.
    if name.hasPrefix("reweight"), mode == "forward" {
      precisions = isOtherProcessor ? [] : [name == "reweight" ? "double" : "float"]
    }
    for precision in precisions {
      let result = try Command.run(
        Command.project + "/scripts/crosscheck", Self.folder ?? "", name, "--mode", mode,
        "--precision", precision, "--program", try MultiRankRun.path(of: "glocal-dist"))
      // The script judges: 1e-9 in double, 2e-3 or 5e-3 in float.
      #expect(result.status == 0, "\(result.output)")
      #expect(result.output.contains("crosscheck \(name): agrees"))
    }
  }
}
