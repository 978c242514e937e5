import Hypergradients
import Storage

/// What a checkpoint holds besides tensors: small numbers, as JSON in its metadata.
package struct CheckpointRecord: Equatable {
  /// The windows completed.
  package var window: Int
  /// The inner steps taken.
  package var step: Int
  /// The inner steps before the state that a playout in reverse mode began with.
  package var originStep: Int?
  /// The retreats of the whole run, and those of the window that comes next.
  package var retreats: Int
  package var pendingRetreats: [Retreat]
  /// The updates made.
  package var outerStep: Int
  /// Whether the columns are in the file.
  package var hasColumns: Bool
  /// How hypergradients are computed; the choice must not depend on the ranks a run goes on with.
  package var mode: DifferentiationMode
  /// Whether the run has gone on with a configuration that made another run of it.
  package var isForced: Bool
  /// The checksum of the images.
  package var images: String
  /// The best window so far, whose θ the file has; nil before the first.
  package var best: BestRecord?
  /// What the recorder has added up.
  package var progress: RecordedProgress

  /// One line of JSON.
  package var text: String {
    JSONText.line([
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
    ])
  }

  /// A record as tuning left off.
  package init<Problem>(
    of tuner: Tuner<Problem>, mode: DifferentiationMode, isForced: Bool, images: String,
    progress: RecordedProgress
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
    best = tuner.state.best.map(BestRecord.init)
    self.progress = progress
  }

  /// Reads what `text` wrote; nil when it is something else.
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
      // As text: it is often no number.
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
