import Foundation
import Testing

@testable import Storage

@Suite struct JSONBytes {
  @Test func keepsOrderAndEscapes() {
    let value: JSONValue = ["z": 1, "a": [true, nil, "q\"\\\n\u{1}é"], "m": ["x": 0.1]]
    #expect(
      JSONText.line(value) == #"{"z":1,"a":[true,null,"q\"\\\n\u0001é"],"m":{"x":0.1}}"#)
  }

  @Test func documentsAreIndentedWithListsOnTheirLine() {
    let value: JSONValue = ["a": ["b": [1, 2]], "c": [:]]
    #expect(JSONText.document(value) == "{\n  \"a\": {\n    \"b\": [1, 2]\n  },\n  \"c\": {}\n}\n")
  }

  @Test func saysWhatWasNotFinite() {
    let value: JSONValue = [
      "loss": .number(.nan), "h": .numbers([1, -.infinity]),
      "table": [[0.5], [0.5, .number(.infinity)]],
    ]
    #expect(
      JSONText.line(value)
        == #"{"loss":null,"loss_non_finite":"nan","h":[1.0,null],"h_non_finite":{"1":"-inf"},"#
        + #""table":[[0.5],[0.5,null]],"table_non_finite":{"1.1":"inf"}}"#)
  }

  @Test func seventeenDigitsAreThoseOfC() {
    // Against C's own printf, and back to the same bits.
    var values = [
      0.1, -0.0, 0, 1, -1e-300, .leastNonzeroMagnitude, 1.7976931348623157e308, 1e16, 1e17,
      123456.789,
    ]
    values += (0..<500).map { sin(Double($0)) * pow(10, Double($0 % 60) - 30) }
    for value in values {
      let text = JSONText.line(.number(value), digits: .seventeen)
      #expect(text == String(format: "%.17g", value))
      for digits in [JSONText.Digits.seventeen, .shortest] {
        let back = try? JSONValue(parsing: JSONText.line(.number(value), digits: digits).utf8)
        #expect(back?.double?.bitPattern == value.bitPattern, "\(value)")
      }
    }
  }

  @Test func foundationReadsWhatIsWritten() throws {
    // An independent reader; every control character and a long row.
    let text = String((0..<128).map { Character(Unicode.Scalar(UInt8($0))) })
    let line = JSONText.line(["t": .string(text), "h": .numbers((0..<3000).map { Double($0) / 7 })])
    struct Line: Decodable {
      let t: String
      let h: [Double]
    }
    let object = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
    #expect(object.t == text)
    let differing = object.h.indices.count { object.h[$0] != Double($0) / 7 }
    #expect(object.h.count == 3000 && differing == 0)
  }
}

@Suite struct JSONReading {
  @Test func readsInOrder() throws {
    let text = #" {"b" : [1, -2.5e3, "é\ud83d\ude00\/"], "a":{"x":null,"y":false}, "c":[]} "#
    let value = try JSONValue(parsing: text.utf8)
    #expect(value == ["b": [1, -2500.0, "é😀/"], "a": ["x": nil, "y": false], "c": []])
  }

  @Test(
    arguments: [
      "", "{", "[1,]", "{\"a\":1,}", "{a:1}", "nul", "+1", "1 2", "\"a", "\"\\x\"", "\"\\ud800\"",
      "\"\\u12\"", "[1", "{\"a\" 1}", "--1", "NaN", ".5", "{\"a\":1,\"a\":2}", "\"\u{1}\"",
      String(repeating: "[", count: 100_000),
    ])
  func refusesWhatIsNotJSON(text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text.utf8) }
  }

  @Test func refusesTextThatIsNotUTF8() {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
  }
}
