import CYaml

/// The form of a YAML document, seen event by event before it is built.
///
/// Yams compares the keys of a mapping by their whole content. A few aliases inside one another make
/// a list of 2³⁹ words, and as a key that would never end: so a key must be a word. CYaml is the
/// libyaml that Yams brings along and stands on.
enum YAMLForm {
  /// What is wrong, and on which line.
  struct Fault: Equatable {
    let line: Int
    let sentence: String
  }

  /// A list or mapping that is open; of a mapping whether a key comes next.
  private enum Open {
    case list
    case mapping(key: Bool)
  }

  /// Levels of lists and mappings; a configuration has three.
  private static let deepest = 50

  /// The first fault of a document; nil also for what is not YAML, which Yams explains better.
  static func fault(in text: String) -> Fault? {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    defer { parser.deallocate() }
    guard yaml_parser_initialize(parser) == 1 else { return nil }
    defer { yaml_parser_delete(parser) }
    return Array(text.utf8).withUnsafeBufferPointer { bytes in
      yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
      return fault(in: parser)
    }
  }

  private static func fault(in parser: UnsafeMutablePointer<yaml_parser_t>) -> Fault? {
    var open: [Open] = []
    var words: Set<String> = []
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { return nil }
      defer { yaml_event_delete(&event) }
      let line = event.start_mark.line + 1
      var isKey = false
      if case .mapping(let key) = open.last { isKey = key }
      switch event.type {
      case YAML_STREAM_END_EVENT: return nil
      case YAML_SCALAR_EVENT:
        if isKey, isMerge(event) {
          return Fault(
            line: line,
            sentence: "holds the merge key <<, which is not read here. Write its keys out.")
        }
        if let anchor = text(event.data.scalar.anchor) { words.insert(anchor) }
        close(&open)
      case YAML_ALIAS_EVENT:
        if isKey, text(event.data.alias.anchor).map(words.contains) != true {
          return notAWord(line)
        }
        close(&open)
      case YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT:
        if isKey { return notAWord(line) }
        if open.count == deepest {
          return Fault(line: line, sentence: "is nested deeper than any configuration.")
        }
        let isMapping = event.type == YAML_MAPPING_START_EVENT
        // An anchor may be given again, to something else.
        let anchor =
          isMapping ? event.data.mapping_start.anchor : event.data.sequence_start.anchor
        if let anchor = text(anchor) { words.remove(anchor) }
        open.append(isMapping ? .mapping(key: true) : .list)
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
        _ = open.popLast()
        close(&open)
      default: continue
      }
    }
  }

  /// After a node: in a mapping, a value follows a key and a key a value.
  private static func close(_ open: inout [Open]) {
    guard case .mapping(let key) = open.last else { return }
    open[open.count - 1] = .mapping(key: !key)
  }

  private static func isMerge(_ event: yaml_event_t) -> Bool {
    event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE && text(event.data.scalar.value) == "<<"
  }

  private static func notAWord(_ line: Int) -> Fault {
    Fault(line: line, sentence: "holds a key that is not a word.")
  }

  private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
    pointer.map { String(cString: $0) }
  }
}
