import MessagePassing
import Settings
import Storage

/// The time that one core needs for the computations of a window, in seconds, measured once on any
/// machine.
///
/// `plan --json` prints the rates; `plan --rates` and `scripts/simulate` read them.
package struct ComputeRates: Equatable, Sendable {
  /// The gradient of one shard: replay, pullback, and accumulation.
  package var gradient: Double
  /// One tangent of it.
  package var tangent: Double
  /// The validation gradient of one shard.
  package var validation: Double
  /// The optimizer's work on one vector of p elements.
  package var update: Double
  /// p, the number of parameters.
  package var parameterCount: Int
  /// Images per shard.
  package var shard: Int

  /// Creates rates.
  package init(
    gradient: Double, tangent: Double, validation: Double, update: Double, parameterCount: Int,
    shard: Int
  ) {
    self.gradient = gradient
    self.tangent = tangent
    self.validation = validation
    self.update = update
    self.parameterCount = parameterCount
    self.shard = shard
  }

  /// Reads the output of `plan --json`.
  ///
  /// - Throws: `RunError` naming the file.
  package init(file path: String) throws(RunError) {
    let input: InputText
    do throws(InputText.Problem) {
      input = try InputText(path, isLaunched: LaunchEnvironment.ofThisProcess.isLaunched)
    } catch {
      let sentence = error.sentence(option: "--rates", wanted: "a file written by plan --json")
      throw RunError("\(InputText.name(of: path)): \(sentence)")
    }
    guard let json = try? JSONValue(parsing: Array(input.text.utf8)), let rates = json["rates"],
      let rates = ComputeRates(rates)
    else {
      throw RunError("\(input.name): holds no rates. Write it with: glocal-dist plan PRESET --json")
    }
    self = rates
  }

  /// Reads rates from `json`; returns nil if one is missing or out of range.
  package init?(_ json: JSONValue) {
    let seconds = ["gradient", "tangent", "validation", "update"].compactMap { json[$0]?.double }
    // A million seconds per shard cannot be a measured rate.
    guard seconds.count == 4, seconds.allSatisfy({ (0...1e6).contains($0) }), seconds[0] > 0,
      let parameterCount = json["parameters"]?.int, let shard = json["shard"]?.int
    else { return nil }
    self.init(
      gradient: seconds[0], tangent: seconds[1], validation: seconds[2], update: seconds[3],
      parameterCount: parameterCount, shard: shard)
  }

  /// The rates as JSON.
  package var json: JSONValue {
    [
      "gradient": .number(gradient), "tangent": .number(tangent),
      "validation": .number(validation), "update": .number(update),
      "parameters": .integer(parameterCount), "shard": .integer(shard),
    ]
  }

  /// Rejects rates that were measured for another network or shard size.
  ///
  /// - Throws: `RunError` with both values.
  package func require(parameterCount: Int, shard: Int) throws(RunError) {
    guard parameterCount == self.parameterCount, shard == self.shard else {
      throw RunError(
        "these rates are for a network with \(self.parameterCount) parameters and shards of "
          + "\(self.shard) images, but this one has \(parameterCount) and \(shard). Measure it: "
          + "glocal-dist plan PRESET --json")
    }
  }
}

extension MachineRates {
  /// Combines the rates of cores with a network between hosts.
  ///
  /// - Parameters:
  ///   - bytes: size of one vector of p elements.
  ///   - bandwidth: bytes per second between two hosts.
  ///   - latency: seconds.
  init(_ cores: ComputeRates, vector bytes: Double, bandwidth: Double, latency: Double) {
    self.init(
      gradient: cores.gradient, tangent: cores.tangent, validation: cores.validation,
      update: cores.update, local: bytes / Self.memoryBandwidth, remote: bytes / bandwidth,
      localLatency: Self.memoryLatency, remoteLatency: latency)
  }

  /// Bytes per second between ranks of one host, through shared memory.
  static var memoryBandwidth: Double { 4e9 }

  /// Seconds until such a message starts to arrive.
  static var memoryLatency: Double { 2e-6 }
}
