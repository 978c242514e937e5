import Foundation
import Datasets

/// What `data.set` may be: a set that the program knows, or files of the user's own.
package enum DataSource: String, CaseIterable, Sendable {
  /// Rendered by the program: needs no files.
  case glyphs
  /// Handwritten digits.
  case mnist
  /// Cursive Japanese.
  case kmnist
  /// Clothing.
  case fashionMNIST = "fashion-mnist"
  /// Small photographs in ten classes.
  case cifar10 = "cifar-10"
  /// Small photographs in a hundred classes.
  case cifar100 = "cifar-100"
  /// House numbers.
  case svhn
  /// Arrays and tables.
  case files
  /// The bytes of a text.
  case text

  /// The set that the program knows; nil: the user's own.
  package var known: DatasetName? { DatasetName(rawValue: rawValue) }

  /// A set that the program knows.
  package init(_ name: DatasetName) { self = DataSource(rawValue: name.rawValue) ?? .glyphs }
}

extension DataSource: SettingValue {}

/// How inputs are normalised, as a configuration says it.
package enum NormalisationRule: Equatable, Sendable {
  /// As the program's sets usually are; files: not at all.
  case own
  /// Not at all, but that bytes are divided by 255.
  case none
  /// By the mean and the deviation of the training part.
  case standard
  /// By these.
  case given(Normalisation)
}

extension NormalisationRule: SettingValue {
  static var kind: String {
    "own, none, standard or [mean, deviation] with a number each, such as [0.1307, 0.3081], or a list "
      + "of them each, such as [[0.49, 0.48, 0.45], [0.25, 0.24, 0.26]]"
  }
  static var choices: [String] { ["own", "none", "standard"] }
  static var takesLists: Bool { true }

  static func read(_ scalar: YAMLScalar) -> NormalisationRule? {
    guard let text = scalar.text else { return nil }
    switch text {
    case "own": return .own
    case "none": return NormalisationRule.none
    case "standard": return .standard
    default: return numbers(text)
    }
  }

  /// `[a, b]` or `[[a, …], [b, …]]`.
  private static func numbers(_ text: String) -> NormalisationRule? {
    let text = text.filter { $0 != " " }
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    let inside = text.dropFirst().dropLast()
    let halves: [Substring]
    if inside.hasPrefix("["), inside.hasSuffix("]") {
      let parts = String(inside.dropFirst().dropLast()).components(separatedBy: "],[")
      halves = parts.map { $0[...] }
    } else {
      halves = inside.split(separator: ",", omittingEmptySubsequences: false)
    }
    guard halves.count == 2 else { return nil }
    var lists: [[Double]] = []
    for half in halves {
      let numbers = half.split(separator: ",", omittingEmptySubsequences: false).map {
        Double.read(.plain(String($0)))
      }
      guard !numbers.isEmpty, !numbers.contains(nil) else { return nil }
      lists.append(numbers.compactMap(\.self))
    }
    guard lists[0].count == lists[1].count, lists[1].allSatisfy({ $0 > 0 }) else { return nil }
    return .given(Normalisation(mean: lists[0], deviation: lists[1]))
  }

  package var printed: String {
    switch self {
    case .own: return "own"
    case .none: return "none"
    case .standard: return "standard"
    case .given(let normalisation):
      let lists = [normalisation.mean, normalisation.deviation].map { list in
        let numbers = list.map(\.printed).joined(separator: ", ")
        return normalisation.channels == 1 ? numbers : "[\(numbers)]"
      }
      return "[\(lists.joined(separator: ", "))]"
    }
  }
}

/// What the targets are, as a configuration says it.
package enum ClassesRule: Equatable, Sendable {
  /// Whole numbers are classes, as many as there are.
  case auto
  /// The targets are numbers, whole or not.
  case none
  /// Whole numbers are classes, as many as this.
  case given(Int)
}

extension ClassesRule: SettingValue {
  static var kind: String { "auto, none or a whole number from 2 to 16777216" }
  static var choices: [String] { ["auto", "none"] }
  static func read(_ scalar: YAMLScalar) -> ClassesRule? {
    switch scalar {
    case .plain("auto"): .auto
    case .plain("none"): ClassesRule.none
    case .plain(let text):
      Int(text).flatMap { (2...(1 << 24)).contains($0) ? .given($0) : nil }
    default: nil
    }
  }
  package var printed: String {
    switch self {
    case .auto: "auto"
    case .none: "none"
    case .given(let count): "\(count)"
    }
  }
}

/// The path of a data file or an own model.
///
/// A relative one is taken from the folder of the configuration file that it stands in, or else from
/// the folder that the program was started in; kept whole, so that a run can be gone on with from anywhere.
package struct DataPath: Equatable, Sendable {
  /// The path.
  package var path: String

  /// A path.
  package init(_ path: String) { self.path = path }

  /// The path, whole.
  func beginning(in folder: String) -> DataPath {
    path.hasPrefix("/")
      ? self : DataPath(folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)")
  }
}

extension DataPath: SettingValue {
  static var kind: String { "a path" }
  static var isText: Bool { true }
  static func read(_ scalar: YAMLScalar) -> DataPath? {
    scalar.text.flatMap { $0.isEmpty ? nil : DataPath($0) }
  }
  package var printed: String { YAMLScalar.printed(path) }
}

extension Configuration.Data {
  /// Makes relative paths whole.
  mutating func beginPaths(in folder: String) {
    let properties: [WritableKeyPath<Self, DataPath?>] = [
      \.train, \.test, \.validationFile, \.trainTargets, \.testTargets, \.validationTargets,
    ]
    for property in properties {
      self[keyPath: property] = self[keyPath: property]?.beginning(in: folder)
    }
  }
}
