// What follows from the method and the settings together.
extension TuningSettings {
  /// How many windows the run will have.
  public var windowCount: Int {
    method.rule.startsAnew ? outerSteps : (steps + window - 1) / window
  }

  /// The inner steps taken after some whole windows.
  public func step(after windows: Int) -> Int {
    method.rule.startsAnew ? min(windows, 1) * steps : windows * window
  }

  /// The most steps that may follow a restart.
  ///
  /// - Parameter step: the inner steps taken before it.
  func longestStretch(from step: Int) -> Int {
    min(method.rule.stretch(self), method.rule.startsAnew ? steps : steps - step)
  }

  /// Whether columns may have to go on from one window to the next.
  public var carriesColumns: Bool { mode == .forward && method.rule.carriesColumns(self) }

  /// Whether the columns after some windows count in the next one.
  public func needsColumns(after windows: Int) -> Bool {
    carriesColumns
      && (!carry.isReset || method.rule.playoutStart(after: windows, self) != nil)
  }
}
