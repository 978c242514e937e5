// Properties that depend on the method and the settings together.
extension TuningSettings {
  /// The number of windows in the run.
  public var windowCount: Int {
    method.rule.startsAnew ? outerSteps : (steps + window - 1) / window
  }

  /// The number of inner steps taken after some complete windows.
  public func step(after windows: Int) -> Int {
    method.rule.startsAnew ? min(windows, 1) * steps : windows * window
  }

  /// The maximum number of steps that may follow a restart.
  ///
  /// - Parameter step: the number of inner steps taken before it.
  func longestStretch(from step: Int) -> Int {
    min(method.rule.stretch(self), method.rule.startsAnew ? steps : steps - step)
  }

  /// Whether columns may have to be carried from one window to the next.
  public var carriesColumns: Bool { mode == .forward && method.rule.carriesColumns(self) }

  /// Whether the columns after some windows are used in the next one.
  public func needsColumns(after windows: Int) -> Bool {
    carriesColumns
      && (!carry.isReset || method.rule.playoutStart(after: windows, self) != nil)
  }
}
