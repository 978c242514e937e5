import MessagePassing
import Runs
import Settings

/// The entry point that SimGrid's `smpirun` calls for every rank.
///
/// The arguments are `PRESET RATES [KEY=VALUE…]`, as passed by `scripts/simulate`. Prints the
/// duration of a window on the simulated machine.
///
/// - Returns: 0; any error ends all ranks.
@_cdecl("main")
public func simulate(
  _ count: Int32, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  let arguments = (1..<max(1, Int(count))).compactMap { words[$0].map { String(cString: $0) } }
  setProgramName("glocal-simulation")
  SimulatedMachine.withRanks(words: { $0.words }) { runtime in
    let (configuration, rates) = runtime.world.allOrNone {
      guard arguments.count >= 2 else {
        throw RunError("the simulation wants PRESET RATES [KEY=VALUE…]: use scripts/simulate")
      }
      var reader = ConfigurationReader(over: try Preset.named(arguments[0]).configuration)
      try reader.set(Array(arguments[2...]))
      return (try reader.checked(), try ComputeRates(file: arguments[1]))
    }
    try SimulatedRun.run(configuration: configuration, rates: rates, world: runtime.world)
  }
  return 0
}
