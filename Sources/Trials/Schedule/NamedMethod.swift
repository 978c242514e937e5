import DynamicModes
import Hypergradients
import Settings

/// A method by the name that users know it by, or settings of their own under a name.
struct NamedMethod: Equatable, Sendable {
  /// What tables call it.
  var name: String
  /// Keys and values over the configuration that all have in common, the later the stronger.
  var assignments: [Assignment]

  /// A dotted key and its value as `--set` takes them.
  struct Assignment: Equatable, Sendable {
    var key: String
    var value: String
  }

  /// The names that stand for settings.
  ///
  /// Those of methods and estimators stand for what the paper has, with the method or the estimator of the
  /// name; others are weights that nothing tunes.
  static let known: [NamedMethod] =
    [NamedMethod(name: "default", assignments: []), asInThePaper("paper", .glocal, .dmd)]
    + Method.allCases.map {
      $0 == .none || $0 == .implicit
        ? NamedMethod($0.rawValue, ("method", $0.rawValue)) : asInThePaper($0.rawValue, $0, .dmd)
    }
    + Estimator.allCases.map { asInThePaper($0.rawValue, .glocal, $0) } + implicitSolvers
    + fixedRules

  /// Implicit differentiation with each of its solvers; what moves the hyperparameters is the preset's.
  private static let implicitSolvers: [NamedMethod] = ImplicitSolver.allCases.map {
    NamedMethod(
      $0 == .oneStep ? $0.rawValue : "implicit-\($0.rawValue)", ("method", "implicit"),
      ("implicit.solver", $0.rawValue))
  }

  /// Weights that nothing tunes: none at all, those that follow from the sizes of the classes, and the
  /// focal loss.
  private static let fixedRules: [NamedMethod] =
    [NamedMethod("unweighted", ("method", "none"), ("task", "optimizer"))]
    + ["inverse-frequency", "sqrt-inverse-frequency", "effective-number"].map {
      NamedMethod(
        $0, ("method", "none"), ("task", "reweighting"), ("reweighting.function", "class"),
        ("reweighting.classes", $0))
    }
    + [
      NamedMethod(
        "focal", ("method", "none"), ("task", "reweighting"), ("reweighting.function", "focal"),
        ("reweighting.input", "attached"))
    ]

  /// The paper's settings with a method and an estimator.
  ///
  /// Columns start anew in every window, Adam has its usual settings, and only numbers that are not finite lead
  /// to a retreat. What the paper does not give, such as σ and the step size, is the preset's.
  private static func asInThePaper(
    _ name: String, _ method: Method, _ estimator: Estimator
  ) -> NamedMethod {
    NamedMethod(
      name, ("method", method.rawValue), ("estimator", estimator.rawValue), ("window.carry", "0"),
      ("outer.optimizer", "adam"), ("outer.beta1", "0.9"), ("outer.beta2", "0.999"),
      ("divergence.rise", "null"))
  }

  private init(_ name: String, _ settings: (key: String, value: String)...) {
    self.name = name
    assignments = settings.map { Assignment(key: $0.key, value: $0.value) }
  }

  private init(name: String, assignments: [Assignment]) {
    self.name = name
    self.assignments = assignments
  }

  /// Reads `none,local,mine:window.carry=0.9,outer.learning-rate=0.03`: names that are known, and names
  /// with settings, over the known method of that name or else over what all have in common.
  ///
  /// - Parameter others: further names, without settings.
  /// - Throws: `ConfigurationError` with the nearest name.
  static func list(
    _ text: String, others: [String] = []
  ) throws(ConfigurationError) -> [NamedMethod] {
    var methods: [NamedMethod] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if words.count == 1, part.contains("="), !methods.isEmpty {
        methods[methods.count - 1].assignments.append(try assignment(part))
        continue
      }
      let name = String(words.first ?? "")
      if words.count == 1 {
        methods.append(try named(name, others: others))
      } else {
        if name.isEmpty || others.contains(name) {
          throw ConfigurationError(
            place: "--methods", sentence: "\"\(part)\" has settings but no name for them.")
        }
        var method =
          known.first { $0.name == name } ?? NamedMethod(name: name, assignments: [])
        method.assignments.append(try assignment(words[1]))
        methods.append(method)
      }
    }
    for (index, method) in methods.enumerated()
    where methods[..<index].contains(where: { $0.name == method.name }) {
      throw ConfigurationError(
        place: "--methods",
        sentence: "\(method.name) stands there twice. Name one with settings otherwise, such as "
          + "my-\(method.name):KEY=VALUE.")
    }
    return methods
  }

  /// The configuration with the method's settings over it.
  ///
  /// - Throws: `ConfigurationError`
  func configuration(over reader: ConfigurationReader) throws(ConfigurationError) -> Configuration {
    var reader = reader
    for assignment in assignments {
      try reader.set(assignment.key, to: assignment.value, option: "--methods \(name):")
    }
    return try reader.checked()
  }

  private static func named(
    _ name: String, others: [String]
  ) throws(ConfigurationError) -> NamedMethod {
    if let method = known.first(where: { $0.name == name }) { return method }
    if others.contains(name) { return NamedMethod(name: name, assignments: []) }
    let names = known.map(\.name) + others
    let remedy =
      NearestName.of(name, among: names).map { "Did you mean \($0)?" }
      ?? "The names are \(names.joined(separator: ", ")); settings of your own are NAME:KEY=VALUE."
    throw ConfigurationError(
      place: "--methods", sentence: "there is no method \"\(name)\". \(remedy)")
  }

  private static func assignment(
    _ text: some StringProtocol
  ) throws(ConfigurationError) -> Assignment {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ConfigurationError(
        place: "--methods", sentence: "\"\(text)\" must be KEY=VALUE, such as window.carry=0.9.")
    }
    return Assignment(key: String(parts[0]), value: String(parts[1]))
  }
}
