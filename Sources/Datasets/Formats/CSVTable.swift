import Foundation

/// A table of comma-separated values with a header, as two arrays: the inputs and the targets.
///
/// A column whose first value is a number is one of numbers; any other is one of categories. An input
/// category becomes one number for each of the column's categories, 1 for its own and 0 for the others
/// (one-hot); a target category becomes its place among them. Categories are in the order of their bytes
/// (UTF-8), whatever the order of the rows.
struct CSVTable {
  /// What a training file says, and the others are held to.
  struct Form: Equatable, Sendable {
    var inputs: [TableColumn]
    var target: TableColumn
  }

  let form: Form
  /// `[rows, numbers]` in `float64`.
  let inputs: StoredArray
  /// `[rows]`, in `int64` where they are whole numbers or categories.
  let targets: StoredArray

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - inputs: names of columns with commas between them; nil: all but the targets'.
  ///   - target: the name of the targets' column.
  ///   - form: what it is held to; nil: it says so itself.
  /// - Throws: `DatasetError` that names line and column of what is missing or wrong.
  init(
    _ path: String, inputs: String?, target: String, like form: Form? = nil
  ) throws(DatasetError) {
    var reader = try CSVReader(RegularFile(path))
    guard let header = try reader.record() else {
      throw DatasetError(
        path, "is empty", remedy: "The first line names the columns, and each other is an example.")
    }
    let places = try Self.places(path, header, inputs: inputs, target: target)
    var columns = places.enumerated().map { index, place in
      Column(
        header[place], like: form.map { index < $0.inputs.count ? $0.inputs[index] : $0.target })
    }
    if let form, form.inputs.map(\.name) != columns.dropLast().map(\.name) {
      throw DatasetError(
        path,
        "has the columns \(header.joined(separator: ", ")), and the training file others",
        remedy: "Give both the same header.")
    }
    var rows = 0
    while let record = try reader.record() {
      guard record.count == header.count else {
        throw DatasetError(
          path,
          "has \(record.count) fields in line \(reader.line), and \(header.count) in its header",
          remedy: "Put texts with commas into quotes.")
      }
      guard rows < Int(Int32.max) else {
        throw DatasetError(path, "has too many lines", remedy: "Train on a part of them.")
      }
      for (index, place) in places.enumerated() {
        try columns[index].add(record[place], path, line: reader.line)
      }
      rows += 1
    }
    guard rows > 0 else {
      throw DatasetError(
        path, "has a header and no other line", remedy: "Each other line is an example.")
    }
    for index in columns.indices { columns[index].sortCategories(isFixed: form != nil) }
    let inputColumns = columns.dropLast()
    self.form = Form(inputs: inputColumns.map(\.form), target: columns[columns.count - 1].form)
    self.inputs = try Self.inputs(path, Array(inputColumns), rows)
    targets = Self.targets(path, columns[columns.count - 1], rows)
  }

  /// Where the inputs' columns are, and last the targets'.
  private static func places(
    _ path: String, _ header: [String], inputs: String?, target: String
  ) throws(DatasetError) -> [Int] {
    if let twice = header.indices.first(where: { header[..<$0].contains(header[$0]) }) {
      throw DatasetError(
        path, "has two columns called \(header[twice])", remedy: "Give each a name of its own.")
    }
    func place(_ name: String) throws(DatasetError) -> Int {
      if let place = header.firstIndex(of: name) { return place }
      throw DatasetError.noMember(path, "column \(name)", among: header)
    }
    let last = try place(target)
    guard let inputs else {
      guard header.count > 1 else {
        throw DatasetError(
          path, "has no column but \(target)", remedy: "Separate the columns by commas.")
      }
      return header.indices.filter { $0 != last } + [last]
    }
    var places: [Int] = []
    for name in inputs.split(separator: ",") {
      let name = String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      let found = try place(name)
      guard found != last, !places.contains(found) else {
        throw DatasetError(
          path, "is to give \(name) twice, as an input and again",
          remedies: [.nameMembers])
      }
      places.append(found)
    }
    guard !places.isEmpty else { throw DatasetError.noMember(path, "column", among: header) }
    return places + [last]
  }

  private static func inputs(
    _ path: String, _ columns: [Column], _ rows: Int
  ) throws(DatasetError) -> StoredArray {
    let width = columns.reduce(0) { $0 + $1.form.width }
    let size = rows * width * MemoryLayout<Double>.stride
    guard UInt64(size) <= ProcessInfo.processInfo.physicalMemory / 2 else {
      throw DatasetError(
        path, "would take \(size >> 20) MB of every rank's memory as \(width) numbers a line",
        remedy: "Leave columns with many categories out of the inputs, or save arrays.")
    }
    let block = ByteBlock(count: size)
    let numbers = block.bytes.bindMemory(to: Double.self)
    var start = 0
    for column in columns {
      for row in 0..<rows {
        let place = row * width + start
        if column.form.categories == nil {
          numbers[place] = column.values[row]
        } else {
          for category in 0..<column.form.width {
            numbers[place + category] = category == column.codes[row] ? 1 : 0
          }
        }
      }
      start += column.form.width
    }
    return StoredArray(
      path: path, member: "inputs", type: .float64, count: rows, rowShape: [width],
      source: .memory(block, offset: 0))
  }

  private static func targets(_ path: String, _ column: Column, _ rows: Int) -> StoredArray {
    let isWhole = column.form.categories != nil || column.form.isWhole
    let block =
      column.form.categories != nil
      ? ByteBlock(column.codes.map { Int64($0) })
      : isWhole ? ByteBlock(column.values.map { Int64($0) }) : ByteBlock(column.values)
    return StoredArray(
      path: path, member: column.form.name, type: isWhole ? .int64 : .float64, count: rows,
      rowShape: [], source: .memory(block, offset: 0))
  }
}

/// A column while it is read.
private struct Column {
  var form: TableColumn
  var values: [Double] = []
  /// Places among the categories in the order in which they were met, until they are sorted.
  var codes: [Int] = []
  private var known: [String: Int] = [:]
  private let isFixed: Bool
  private var isBegun: Bool

  var name: String { form.name }

  init(_ name: String, like form: TableColumn?) {
    self.form =
      form.map {
        TableColumn(name: name, categories: $0.categories, isWhole: $0.isWhole)
      } ?? TableColumn(name: name)
    isFixed = form != nil
    isBegun = form != nil
    for (place, category) in (self.form.categories ?? []).enumerated() { known[category] = place }
  }

  mutating func add(_ text: String, _ path: String, line: Int) throws(DatasetError) {
    func wrong(_ problem: String, _ remedy: String) -> DatasetError {
      DatasetError(path, "\(problem) in line \(line), column \(form.name)", remedy: remedy)
    }
    guard !TableNumber.isMissing(text) else {
      throw wrong("has no value", "Fill it in, or leave the line out.")
    }
    if !isBegun {
      isBegun = true
      if TableNumber.read(text) == nil { form.categories = [] }
    }
    guard form.categories == nil else {
      if let code = known[text] {
        codes.append(code)
        return
      }
      guard !isFixed else {
        throw wrong(
          "has the category \"\(text.prefix(40))\", which the training file does not have,",
          "Put such an example into the training file, or leave it out.")
      }
      guard known.count < TableColumn.mostCategories else {
        throw wrong(
          "has more than \(TableColumn.mostCategories) categories",
          "If it is a name or a date, leave the column out of the inputs.")
      }
      codes.append(known.count)
      known[text] = known.count
      return
    }
    guard let (value, isWhole) = TableNumber.read(text), value.isFinite else {
      throw wrong(
        "has \"\(text.prefix(40))\", which is no number,",
        "A column that begins with a number holds numbers alone.")
    }
    if isFixed, form.isWhole, !isWhole {
      // A whole number may be written as another one; half of a class may not.
      guard value == value.rounded(), value.magnitude < 1e15 else {
        form.isWhole = false
        values.append(value)
        return
      }
    } else if !isWhole {
      form.isWhole = false
    }
    values.append(value)
  }

  /// Puts the categories into the order of their bytes.
  mutating func sortCategories(isFixed: Bool) {
    guard !isFixed, form.categories != nil else { return }
    let sorted = known.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var places = [Int](repeating: 0, count: sorted.count)
    for (place, category) in sorted.enumerated() { places[known[category] ?? 0] = place }
    codes = codes.map { places[$0] }
    form.categories = sorted
  }
}
