import TestSupport
import Testing

@testable import Datasets

@Suite("Tables of comma-separated values") struct CSVTests {
  private func table(
    _ text: String, inputs: String? = nil, target: String = "y", like form: CSVTable.Form? = nil
  ) throws -> CSVTable {
    let folder = try TemporaryFolder()
    return try CSVTable(
      folder.write("table.csv", text: text), inputs: inputs, target: target, like: form)
  }

  @Test("give numbers, and categories as ones among zeros, in the order of their bytes")
  func columns() throws {
    let table = try table("age,town,y\n31,Ulm,0\n42.5,Bonn,1\n-1e1,Ulm,2\n")
    #expect(table.inputs.rowShape == [3] && table.targets.type == .int64)
    #expect(
      try ArrayFormatTests.numbers(table.inputs) == [31, 0, 1, 42.5, 1, 0, -10, 0, 1])
    #expect(try ArrayFormatTests.numbers(table.targets) == [0, 1, 2])
    #expect(table.form.inputs[1].categories == ["Bonn", "Ulm"])
  }

  @Test("give targets of categories their place among them")
  func categories() throws {
    let table = try table("x,y\n1,dog\n2,cat\n3,dog\n")
    #expect(try ArrayFormatTests.numbers(table.targets) == [1, 0, 1])
    let other = try self.table("x,y\n1,dog\n", like: table.form)
    #expect(try ArrayFormatTests.numbers(other.targets) == [1])
  }

  @Test("give targets with a point as numbers to be told")
  func regression() throws {
    let table = try table("x,y\n1,2\n2,2.5\n")
    #expect(table.targets.type == .float64)
    #expect(try ArrayFormatTests.numbers(table.targets) == [2, 2.5])
  }

  @Test(
    "may have quotes, any line end, spaces around numbers, a mark of UTF-8, and empty lines",
    arguments: [
      "\u{FEFF}a,y\r\n\"1\", 2 \r\n\r\n3,4", "a,y\r1,2\r3,4\r", "\"a\",\"y\"\n1,2\n\n\n3,\"4\"\n\n",
    ])
  func forms(text: String) throws {
    let table = try table(text)
    #expect(try ArrayFormatTests.numbers(table.inputs) == [1, 3])
    #expect(try ArrayFormatTests.numbers(table.targets) == [2, 4])
  }

  @Test("keep commas, quotes and line ends inside quotes")
  func quotes() throws {
    let table = try table("x,y\n\"a, \"\"b\"\"\nc\",1\nd,2\n")
    #expect(table.form.inputs[0].categories == ["a, \"b\"\nc", "d"])
  }

  @Test("give the columns that were named, in that order")
  func choice() throws {
    let table = try table("a,b,c,y\n1,2,3,0\n", inputs: "c, a")
    #expect(try ArrayFormatTests.numbers(table.inputs) == [3, 1])
  }

  @Test(
    "that cannot be used are refused with line and column",
    arguments: [
      ("a,y\n1,0\n,1\n", "has no value in line 3, column a"),
      ("a,y\n1,0\nNA,1\n", "has no value in line 3, column a"),
      ("a,y\n1,0\n2,\n", "has no value in line 3, column y"),
      ("a,y\n1,0\nx,1\n", "has \"x\", which is no number, in line 3, column a"),
      ("a,y\n1,0\n1e999,1\n", "has \"1e999\", which is no number, in line 3, column a"),
      ("a,y\n1,0\n\n0x10,1\n", "has \"0x10\", which is no number, in line 4, column a"),
      ("a,y\n1,0,5\n", "has 3 fields in line 2, and 2 in its header"),
      ("a,y\n\"1,0\n", "has a quote that begins in line 2 and does not end"),
      ("a,y\n1\"2,0\n", "has a quote in the middle of a field in line 2"),
      ("a,y\n\"1\"2,0\n", "has a quote in the middle of a field in line 2"),
      ("a,y\n1,0\u{0}\n", "holds a zero byte in line 2"),
      ("", "is empty"), ("a,y\n", "has a header and no other line"),
      ("a,a,y\n1,2,3\n", "has two columns called a"),
      ("a;y\n1;2\n", "has no column y; it has a;y"),
      ("y\n1\n", "has no column but y"),
    ])
  func refused(text: String, words: String) throws {
    let error = #expect(throws: DatasetError.self) { try table(text) }
    #expect(error?.problem.contains(words) == true, "\(String(describing: error))")
  }

  @Test("that are no text are refused")
  func binary() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("table.csv", Array("a,y\n".utf8) + [0xC3, 0x28, 0x2C, 0x31])
    let error = #expect(throws: DatasetError.self) { try CSVTable(path, inputs: nil, target: "y") }
    #expect(error?.problem.contains("no text in UTF-8 in line 2") == true)
  }

  @Test("are held to what the training file says")
  func likeTraining() throws {
    let form = try table("x,n,y\na,1,0\nb,2,1\n").form
    let cases = [
      (
        "x,n,y\nc,1,0\n", "has the category \"c\", which the training file does not have, in line 2"
      ),
      ("n,x,y\n1,a,0\n", "has the columns n, x, y"), ("x,n,y\na,b,0\n", "has \"b\""),
    ]
    for (text, words) in cases {
      let error = #expect(throws: DatasetError.self) { try table(text, like: form) }
      #expect(error?.problem.contains(words) == true, "\(String(describing: error))")
    }
  }

  @Test("with a category a line are refused")
  func names() throws {
    let lines = (0...TableColumn.mostCategories).map { "name \($0),1" }
    let error = #expect(throws: DatasetError.self) {
      try table("x,y\n" + lines.joined(separator: "\n"))
    }
    #expect(error?.problem.contains("more than 1000 categories in line 1002") == true)
  }

  /// The reader works in pieces of 256 KB: fields, quotes and line ends fall on their borders.
  @Test("of several pieces are read whole")
  func long() throws {
    let rows = 40_000
    let text =
      "x,s,y\r\n"
      + (0..<rows).map { "\($0),\"t,\($0 % 7)\",\($0 % 3)" }
      .joined(separator: "\r\n")
    let table = try table(text)
    #expect(table.inputs.count == rows && table.form.inputs[1].categories?.count == 7)
    let numbers = try ArrayFormatTests.numbers(table.inputs)
    #expect(
      (0..<rows).allSatisfy { row in
        numbers[8 * row] == Double(row) && numbers[8 * row + 1 + row % 7] == 1
      })
  }
}
