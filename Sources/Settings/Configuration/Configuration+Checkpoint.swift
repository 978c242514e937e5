extension Configuration {
  /// When all that is needed to go on with a run is saved.
  package struct Checkpoint: Equatable, Sendable {
    /// Windows between two checkpoints; nil: only when a signal asks for one.
    package var every: Int? = 10
    /// The last so many are kept.
    package var keep = 2

    /// The defaults.
    package init() {}
  }
}

extension Configuration.Checkpoint {
  package static let settings = [
    Setting(
      "checkpoint.every", \.checkpoint.every, legal: Legal.from(1, to: 1_000_000_000).orNull(),
      unit: "windows",
      "Windows between two checkpoints, with one at the end; null: only when a signal asks for it."
    ),
    Setting(
      "checkpoint.keep", \.checkpoint.keep, legal: .from(1, to: 1_000_000), unit: "checkpoints",
      "The last so many are kept."),
  ]
}
