import ArgumentParser
import Foundation
import MessagePassing
import Runs

/// `glocal-bench memory`: whether memory use stays constant over many windows.
struct MemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: "Resident memory after 10 windows, after half of them, and after all.")

  @Argument(help: NetworkArgument.help())
  var network = BenchedNetwork.lenet

  @Option(help: ArgumentHelp("Windows in all, at least 10.", valueName: "N"))
  var windows = 200

  @Option(help: ArgumentHelp("Inner steps of a window.", valueName: "N"))
  var window = 14

  @Option(help: ArgumentHelp("How many of them are observed.", valueName: "N"))
  var observed = 12

  @Option(help: ArgumentHelp("Images of a minibatch.", valueName: "N"))
  var batch = 32

  @Option(help: ArgumentHelp("Images of the validation set.", valueName: "N"))
  var images = 128

  func validate() throws {
    if windows < 10 { throw ValidationError("--windows must be at least 10, not \(windows).") }
    try options.validate()
  }

  private var options: WindowOptions {
    WindowOptions(
      network: network, batch: batch, window: window, observed: observed, images: images,
      windows: windows)
  }

  func run() {
    ProgramStart.withRanks(of: "glocal-bench") { runtime in
      useOneThread()
      let run = try TunedNetwork(options, world: runtime.world)
      let moments: Set = [10, windows / 2, windows]
      for number in 1...windows {
        _ = try run.timeWindow()
        guard moments.contains(number) else { continue }
        let most = runtime.world.allreduceMaximum(Double(try Self.residentKilobytes()))
        if runtime.world.isRoot {
          BenchLine("memory").with("window", .integer(number))
            .with("resident_kilobytes", .integer(Int(most)))
            .with("ranks", .integer(runtime.world.size)).print()
        }
      }
    }
  }

  /// The resident memory of this process (`VmRSS`); the maximum over all ranks is printed.
  private static func residentKilobytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    guard let words = line?.split(whereSeparator: \.isWhitespace), words.count > 1,
      let number = Int(words[1])
    else { throw ValidationError("/proc/self/status does not say VmRSS.") }
    return number
  }
}
