import Foundation
import Hypergradients
import Settings
import Tensors

/// Where trials get the values of a key from: an interval to draw from, or a list to go through.
struct StartingRange: Equatable, Sendable {
  /// The dotted key.
  let key: String
  /// As the user wrote it, for errors.
  let place: String
  let values: Values

  enum Values: Equatable, Sendable {
    /// Every trial draws its own, uniform in the logarithm.
    case interval(low: Double, high: Double, isWhole: Bool)
    /// Every trial is there once with each.
    case list([String])
  }

  /// Reads `learning-rate=0.001:0.3` or `KEY=VALUE,VALUE`.
  ///
  /// - Parameter option: how errors call it, such as `--range`.
  /// - Throws: `ConfigurationError`
  init(_ text: String, option: String) throws(ConfigurationError) {
    place = "\(option) \(text)"
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw ConfigurationError(
        place: place,
        sentence: "must be NAME=LOW:HIGH or NAME=VALUE,VALUE, such as learning-rate=0.001:0.3.")
    }
    let name = String(parts[0])
    let hyperparameter = HyperparameterName(rawValue: name)
    key = hyperparameter.map { "hyperparameters.\($0.rawValue).initial" } ?? name
    guard Configuration.settingsByKey[key] != nil else {
      let names = HyperparameterName.allCases.map(\.rawValue)
      let meant = KeySynonym.of(name) ?? KeySynonym.main(of: name)
      let near =
        meant.map { key in names.first { key == "hyperparameters.\($0).initial" } ?? key }
        ?? NearestName.of(name, among: names)
        ?? NearestName.ofKey(name, among: Configuration.settings.map(\.key))
      throw ConfigurationError(
        place: place,
        sentence: "\(name) is neither a hyperparameter nor a key. "
          + (near.map { "Did you mean \($0)?" } ?? "The hyperparameters are "
            + "\(names.joined(separator: ", ")); glocal-dist presets NAME lists the keys."))
    }
    guard parts[1].contains(":") else {
      values = .list(
        parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init))
      return
    }
    let bounds = parts[1].split(separator: ":", omittingEmptySubsequences: false)
    guard bounds.count == 2, let low = Double(bounds[0]), let high = Double(bounds[1]),
      low.isNormal, low > 0, high > low, high.isFinite, !Self.isNearOne(key) || high < 1
    else {
      throw ConfigurationError(
        place: place,
        sentence: "an interval goes from a number above 0 to a larger one"
          + (Self.isNearOne(key) ? " below 1." : ": it is drawn from uniformly in the logarithm."))
    }
    values = .interval(
      low: low, high: high,
      // Above 2⁵³ not every whole number has a Double.
      isWhole: [bounds[0], bounds[1]].allSatisfy { Int($0).map { $0 <= 1 << 53 } ?? false })
  }

  /// What a trial draws, with four digits: the same whatever else is drawn.
  ///
  /// A decay such as the momentum is uniform in the logarithm of its distance from 1.
  ///
  /// - Parameter draw: the number of the start, from 0.
  func drawn(_ draw: Int, seed: UInt64) -> String? {
    guard case .interval(let low, let high, let isWhole) = values else { return nil }
    var stream = RandomStream(
      seed: seed, purpose: .trials, step: Self.number(of: key),
      block: UInt32(truncatingIfNeeded: draw))
    let share = stream.uniform()
    if Self.isNearOne(key) {
      let distance = Self.between(1 - high, 1 - low, share)
      return "\(1 - distance)"
    }
    // Four digits may lie beyond the end that more of them define.
    let value = min(max(Self.between(low, high, share), low), high)
    return isWhole ? Int(exactly: value.rounded()).map { "\($0)" } : "\(value)"
  }

  /// A number for a key that stays when other keys come or go: FNV-1a, 31 bits of it.
  private static func number(of key: String) -> Int {
    let hash = key.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return Int(hash >> 1)
  }

  private static func isNearOne(_ key: String) -> Bool {
    HyperparameterName.allCases.contains {
      $0.isDecay && key == "hyperparameters.\($0.rawValue).initial"
    }
  }

  /// Uniform in the logarithm; four digits, so that no last bit of a logarithm is in it.
  private static func between(_ low: Double, _ high: Double, _ share: Double) -> Double {
    let value = exp(log(low) + share * (log(high) - log(low)))
    return Double(String(format: "%.3e", value)) ?? value
  }
}
