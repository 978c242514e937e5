extension Configuration {
  /// How ranks are noticed that are stopped, or whose host or network is gone.
  package struct Watchdog: Equatable, Sendable {
    /// Seconds of silence after which the job ends; nil: it waits forever.
    package var seconds: Double? = 60

    /// The defaults.
    package init() {}
  }
}

extension Configuration.Watchdog {
  package static let settings = [
    Setting(
      "watchdog.seconds", \.watchdog.seconds,
      legal: Legal.from(1, to: 1_000_000).orNull(), unit: "seconds",
      "Silence of a rank after which the job ends; computing slowly is not silence; null: never.")
  ]
}
