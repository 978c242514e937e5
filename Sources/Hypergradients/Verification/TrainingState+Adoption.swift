extension TrainingState {
  /// Copies another training's state: θ, the optimizer's state, the step, and some columns.
  ///
  /// - Parameter tangents: the columns to copy, as many as this state has.
  mutating func adopt(_ other: TrainingState, tangents: Range<Int>) {
    precondition(
      tangents.count == parameters.tangentCount,
      "\(tangents.count) tangents for a state with \(parameters.tangentCount)")
    for (own, jet) in zip(jets, other.jets) {
      own.storage.pointer.update(from: jet.storage.pointer, count: jet.stride)
      (own.storage.pointer + own.stride).update(
        from: jet.storage.pointer + (1 + tangents.lowerBound) * jet.stride,
        count: tangents.count * jet.stride)
    }
    step = other.step
  }
}
