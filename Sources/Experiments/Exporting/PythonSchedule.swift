import Hypergradients

/// A schedule as Python code: tables of numbers, and functions that put them into an optimizer.
///
/// The tables need Python alone; PyTorch or JAX is imported where an optimizer is made.
struct PythonSchedule {
  private let schedule: RecordedSchedule
  /// The windows in which something changes.
  private let rows: [Int]

  init(_ schedule: RecordedSchedule) {
    self.schedule = schedule
    rows = schedule.values.indices.filter {
      $0 == 0 || schedule.values[$0] != schedule.values[$0 - 1]
    }
  }

  /// Where the schedule is from.
  var origin: String {
    let path = schedule.path.map { $0.isNewline ? "?" : String($0) }.joined()
    return "The schedule that glocal-dist \(programVersion) found in \(path)"
  }

  /// What trained the network.
  var optimizer: InnerOptimizerKind { schedule.optimizer }

  /// The tables, and the functions that read them.
  var tables: String {
    let names = HyperparameterName.of(schedule.optimizer).map { entry($0.rawValue) }
    return """
      # The step, counted from 0, from which each entry holds; after the last one it stays.
      FIRST_STEP = \(Self.list(rows.map { "\(schedule.steps[$0].lowerBound - 1)" }, indent: 0))

      # Values by name; where layers have their own, by layer.
      SCHEDULE = {
      \(names.filter { !$0.isEmpty }.joined(separator: "\n"))
      }

      # The layers with values of their own, by the names of their modules.
      LAYERS = \(Self.list(layers.map { JSONText.line(.string($0)) }, indent: 0))


      def values_of(name, layer=None):
          \"""All values of a hyperparameter, one for each entry of FIRST_STEP.\"""
          values = SCHEDULE[name]
          return values[layer] if isinstance(values, dict) else values


      def at(name, step, layer=None):
          \"""The value of a hyperparameter in a step, counted from 0.\"""
          return values_of(name, layer)[max(0, bisect.bisect_right(FIRST_STEP, step) - 1)]
      """
  }

  /// A list, or a list for each layer.
  private func entry(_ name: String) -> String {
    let columns = schedule.names.indices.filter { Self.name(schedule.names[$0]) == name }
    let key = "    \(JSONText.line(.string(name))): "
    guard let first = columns.first else { return "" }
    guard Self.layer(schedule.names[first]) != nil else {
      return key + Self.list(values(first), indent: 4) + ","
    }
    let lists = columns.map { column in
      let layer = JSONText.line(.string(Self.layer(schedule.names[column]) ?? ""))
      return "        \(layer): " + Self.list(values(column), indent: 8) + ","
    }
    return ([key + "{"] + lists + ["    },"]).joined(separator: "\n")
  }

  /// The layers that have hyperparameters of their own.
  private var layers: [String] {
    schedule.names.reduce(into: []) { layers, name in
      if let layer = Self.layer(name), !layers.contains(layer) { layers.append(layer) }
    }
  }

  private func values(_ column: Int) -> [String] { rows.map { "\(schedule.values[$0][column])" } }

  private static func name(_ column: String) -> String { String(column.prefix { $0 != "[" }) }

  private static func layer(_ column: String) -> String? {
    guard let start = column.firstIndex(of: "["), column.hasSuffix("]") else { return nil }
    return String(column[column.index(after: start)...].dropLast())
  }

  /// A list over as many lines as it needs.
  private static func list(_ items: [String], indent: Int) -> String {
    let one = "[" + items.joined(separator: ", ") + "]"
    if one.count <= 60 { return one }
    let margin = String(repeating: " ", count: indent + 4)
    var lines: [String] = []
    var line = margin
    for item in items {
      if line.count + item.count > 96 {
        lines.append(line)
        line = margin
      }
      line += line == margin ? "\(item)," : " \(item),"
    }
    return (["["] + lines + [line, String(repeating: " ", count: indent) + "]"])
      .joined(separator: "\n")
  }
}
