import Hypergradients
import Runs
import Storage

/// A schedule as Python code: tables of values, and functions that apply them to an optimizer.
///
/// The tables need only Python; PyTorch or JAX is imported when an optimizer is created.
struct PythonSchedule {
  private let schedule: RecordedSchedule
  /// The windows in which a value changes.
  private let rows: [Int]

  init(_ schedule: RecordedSchedule) {
    self.schedule = schedule
    rows = schedule.values.indices.filter {
      $0 == 0 || schedule.values[$0] != schedule.values[$0 - 1]
        || schedule.schedules[$0] != schedule.schedules[$0 - 1]
    }
  }

  /// The origin of the schedule.
  var origin: String {
    let path = schedule.path.map { $0.isNewline ? "?" : String($0) }.joined()
    return "The schedule that glocal-dist \(programVersion) found in \(path)"
  }

  /// The optimizer that trained the network.
  var optimizer: InnerOptimizerKind { schedule.optimizer }

  /// Whether the learning rate changes with every step.
  var isMultiplied: Bool { schedule.schedules.contains { !$0.isConstant } }

  /// The imports from Python's standard library.
  var imports: String { isMultiplied ? "import bisect\nimport math" : "import bisect" }

  /// The tables, and the functions that read them.
  var tables: String {
    let parts =
      isMultiplied
      ? [lists, factor, Self.columns, Self.product] : [lists, Self.columns, Self.look]
    return parts.joined(separator: "\n\n\n")
  }

  private var lists: String {
    let names = schedule.optimizer.hyperparameterNames.map { entry($0.rawValue) }
    let note =
      isMultiplied
      ? "\n# Learning rates are those before factor(): at() says what a step really used." : ""
    return """
      # The step, counted from 0, from which each entry holds; after the last one it stays.
      FIRST_STEP = \(Self.list(rows.map { "\(schedule.steps[$0].lowerBound - 1)" }, indent: 0))

      # Values by name; where layers have their own, by layer.\(note)
      SCHEDULE = {
      \(names.filter { !$0.isEmpty }.joined(separator: "\n"))
      }

      # The layers with values of their own, by the names of their modules.
      LAYERS = \(Self.list(layers.map { JSONText.line(.string($0)) }, indent: 0))
      """
  }

  /// Warm-up and cosine of each entry, and the function that reads them.
  private var factor: String {
    let schedules = rows.map { schedule.schedules[$0] }
    let warmups = schedules.map { "\($0.warmup)" }
    let ends = schedules.map { $0.kind == .cosine ? "\($0.steps)" : "0" }
    return """
      # What the learning rate is multiplied by, for each entry of FIRST_STEP. It rises to 1 in a
      # straight line over the WARMUP_STEPS (inner.warmup), then falls by half a cosine, to 0 at
      # COSINE_STEPS (inner.schedule: cosine). 0: no warm-up, no cosine.
      WARMUP_STEPS = \(Self.list(warmups, indent: 0))
      COSINE_STEPS = \(Self.list(ends, indent: 0))


      def factor(step):
          \"""What the learning rate of a step, counted from 0, is multiplied by.\"""
          entry = max(0, bisect.bisect_right(FIRST_STEP, step) - 1)
          warmup, end = WARMUP_STEPS[entry], COSINE_STEPS[entry]
          if step < warmup:
              return (step + 1) / warmup
          if not end:
              return 1.0
          return 0.5 * (1 + math.cos(math.pi * (min(step, end) - warmup) / (end - warmup)))
      """
  }

  private static let columns = """
    def values_of(name, layer=None):
        \"""All values of a hyperparameter, one for each entry of FIRST_STEP.\"""
        values = SCHEDULE[name]
        return values[layer] if isinstance(values, dict) else values
    """

  private static let look = """
    def at(name, step, layer=None):
        \"""The value of a hyperparameter in a step, counted from 0.\"""
        return values_of(name, layer)[max(0, bisect.bisect_right(FIRST_STEP, step) - 1)]
    """

  private static let product = """
    def at(name, step, layer=None):
        \"""The value of a hyperparameter in a step, counted from 0, as the step used it.\"""
        value = values_of(name, layer)[max(0, bisect.bisect_right(FIRST_STEP, step) - 1)]
        return value * factor(step) if name == "learning-rate" else value
    """

  /// A list, or one list per layer.
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

  /// The layers that have their own hyperparameters.
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

  /// A list broken over as many lines as needed.
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
