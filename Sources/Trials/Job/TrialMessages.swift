import Storage

/// A message between the job's root and the leader of a group: a JSON object, and bytes beside it.
struct TrialParcel: Equatable {
  var header: JSONValue
  var content: [UInt8] = []

  /// One after the other, the object on a line.
  var bytes: [UInt8] {
    Array(JSONText.line(header).utf8) + [UInt8(ascii: "\n")] + content
  }

  init(header: JSONValue, content: [UInt8] = []) {
    self.header = header
    self.content = content
  }

  /// Reads what `bytes` says.
  init(bytes: [UInt8]) {
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    guard let header = try? JSONValue(parsing: bytes[..<end]) else {
      preconditionFailure("a message between ranks is no JSON")
    }
    self.header = header
    content = Array(bytes[min(end + 1, bytes.endIndex)...])
  }
}

/// What a group is to do next.
enum TrialOrder: Equatable {
  /// Train a trial to a window, from the state it has left in the group or from the one given; no
  /// bytes: from its beginning.
  case train(trial: Int, to: Int, isKept: Bool, state: [UInt8])
  /// There is no more work in this round.
  case roundOver
  /// The job has been asked to stop.
  case stop

  /// As a message.
  var parcel: TrialParcel {
    switch self {
    case .train(let trial, let target, let isKept, let state):
      TrialParcel(
        header: [
          "trial": .integer(trial), "to": .integer(target), "kept": .bool(isKept),
        ], content: state)
    case .roundOver: TrialParcel(header: ["stop": .bool(false)])
    case .stop: TrialParcel(header: ["stop": .bool(true)])
    }
  }

  /// Reads a message.
  init(_ parcel: TrialParcel) {
    let header = parcel.header
    if let trial = header["trial"]?.int, let target = header["to"]?.int {
      self = .train(
        trial: trial, to: target, isKept: header["kept"] == .bool(true), state: parcel.content)
    } else {
      self = header["stop"] == .bool(true) ? .stop : .roundOver
    }
  }
}

extension TrialReport {
  /// As a message.
  var parcel: TrialParcel {
    TrialParcel(
      header: [
        "window": .integer(window), "windows": .array(windows), "summary": summary ?? .null,
        "failure": failure.map { .string($0) } ?? .null, "interrupted": .bool(isInterrupted),
        "seconds": .number(seconds), "elapsed": .number(elapsed),
      ], content: state)
  }

  /// Reads a message.
  init(_ parcel: TrialParcel) {
    let header = parcel.header
    self.init(window: header["window"]?.int ?? 0)
    windows = header["windows"]?.array ?? []
    state = parcel.content
    // Not `nil`, which a JSON value can be too.
    if let value = header["summary"], value != .null { summary = value }
    failure = header["failure"]?.string
    isInterrupted = header["interrupted"] == .bool(true)
    seconds = header["seconds"]?.double ?? 0
    elapsed = header["elapsed"]?.double ?? 0
  }
}
