import Hypergradients
import Storage

/// The part of a checkpoint that is not in tensors: small values, as JSON in its metadata.
package struct CheckpointRecord: Equatable {
  /// The number of completed windows.
  package var window: Int
  /// The number of inner steps taken.
  package var step: Int
  /// The number of inner steps before the start of a playout in reverse mode; nil without one.
  package var originStep: Int?
  /// The number of retreats in the whole run.
  package var retreats: Int
  package var pendingRetreats: [Retreat]
  /// The number of updates of φ.
  package var outerStep: Int
  /// Whether the columns are in the file.
  package var hasColumns: Bool
  /// The differentiation mode; it must not depend on the number of ranks that a run resumes with.
  package var mode: DifferentiationMode
  /// Whether the run was ever resumed with a configuration that changed its results.
  package var isForced: Bool
  /// The checksum of the images.
  package var images: String
  /// The checksum of the user's own model; nil for the program's networks.
  package var model: String?
  /// The best window so far, whose θ is in the file; nil before the first.
  package var best: BestRecord?
  /// The recorder's totals.
  package var progress: RecordedProgress

  /// The record as one line of JSON.
  package var text: String {
    var members = numbers.members ?? []
    if let model { members.append(.init(Self.modelKey, .string(model))) }
    return JSONText.line(.object(members))
  }

  private static let modelKey = "model"

  private var numbers: JSONValue {
    [
      "window": .integer(window),
      "step": .integer(step),
      "origin_step": originStep.map { .integer($0) } ?? .null,
      "retreats": .integer(retreats),
      "pending_retreats": .array(pendingRetreats.map(Self.json)),
      "outer_step": .integer(outerStep),
      "columns": .bool(hasColumns),
      "mode": .string(mode.rawValue),
      "forced": .bool(isForced),
      "images": .string(images),
      "files": .object(
        progress.files.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.json) }),
      "fallbacks": .integer(progress.fallbacks),
      "elapsed": .number(progress.elapsed),
      "seconds": progress.seconds.json,
      "standing": standing,
    ]
  }

  /// The record of a tuner's current state.
  package init<Problem>(
    of tuner: Tuner<Problem>, mode: DifferentiationMode, isForced: Bool, images: String,
    model: String? = nil, progress: RecordedProgress
  ) {
    window = tuner.state.window
    step = tuner.state.training.step
    originStep = tuner.playoutOrigin?.step
    retreats = tuner.state.retreats
    pendingRetreats = tuner.state.pendingRetreats
    outerStep = tuner.state.outer.step
    hasColumns = tuner.columnsCount
    self.mode = mode
    self.isForced = isForced
    self.images = images
    self.model = model
    best = tuner.state.best.map(BestRecord.init)
    self.progress = progress
  }

  /// Parses what `text` wrote; returns nil for anything else.
  package init?(parsing text: String, schedule: [[Double]] = []) {
    guard let json = try? JSONValue(parsing: Array(text.utf8)),
      let window = json["window"]?.int, let step = json["step"]?.int,
      let retreats = json["retreats"]?.int, let outerStep = json["outer_step"]?.int,
      let pending = json["pending_retreats"]?.array?.map(Self.retreat), !pending.contains(nil),
      case .bool(let hasColumns)? = json["columns"],
      let mode = json["mode"]?.string.flatMap(DifferentiationMode.init),
      case .bool(let isForced)? = json["forced"], let images = json["images"]?.string,
      let files = json["files"]?.members,
      files.allSatisfy({ FileMark(json: $0.value) != nil }),
      let fallbacks = json["fallbacks"]?.int, let elapsed = json["elapsed"]?.double,
      let seconds = json["seconds"].flatMap(PhaseSeconds.init(json:))
    else { return nil }
    self.window = window
    self.step = step
    originStep = json["origin_step"]?.int
    self.retreats = retreats
    pendingRetreats = pending.compactMap { $0 }
    self.outerStep = outerStep
    self.hasColumns = hasColumns
    self.mode = mode
    self.isForced = isForced
    self.images = images
    model = json[Self.modelKey]?.string
    progress = RecordedProgress(
      windows: window, schedule: schedule, seconds: seconds, fallbacks: fallbacks,
      elapsed: elapsed)
    for file in files { progress.files[file.key] = FileMark(json: file.value) }
    guard readStanding(json["standing"]) else { return nil }
  }

  private static func json(_ retreat: Retreat) -> JSONValue {
    [
      "step": .integer(retreat.divergence.step),
      "quantity": .string(retreat.divergence.quantity.rawValue),
      // As text, since it is often not finite.
      "loss": .string("\(retreat.divergence.loss)"),
      "before": .number(retreat.learningRateBefore), "after": .number(retreat.learningRateAfter),
    ]
  }

  private static func retreat(_ json: JSONValue) -> Retreat? {
    guard let step = json["step"]?.int,
      let quantity = json["quantity"]?.string.flatMap(Divergence.Quantity.init),
      let loss = json["loss"]?.string.flatMap({ Double($0) }),
      let before = json["before"]?.double, let after = json["after"]?.double
    else { return nil }
    return Retreat(
      divergence: Divergence(step: step, quantity: quantity, loss: loss),
      learningRateBefore: before, learningRateAfter: after)
  }
}

extension PhaseSeconds {
  fileprivate init?(json: JSONValue) {
    guard let training = json["training"]?.double, let validation = json["validation"]?.double,
      let estimation = json["estimation"]?.double, let update = json["update"]?.double
    else { return nil }
    self.init()
    (self.training, self.validation) = (training, validation)
    (self.estimation, self.update) = (estimation, update)
  }
}
