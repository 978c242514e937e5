import DynamicModes

extension LegalRange<Double> {
  /// The legal values that tuning stays within: those that single precision can distinguish from
  /// the excluded endpoints.
  public var kept: ClosedRange<Double> {
    let least = lower.map { includesLower ? $0 : $0 + Double(Float.leastNormalMagnitude) }
    let most = upper.map { includesUpper ? $0 : Double(Float($0).nextDown) }
    let largest = Double(Float.greatestFiniteMagnitude)
    return (least ?? -largest)...(most ?? largest)
  }
}

extension HyperparameterName {
  /// The values that make sense in training: learning rate and ε above 0; momentum, β₁ and β₂ at
  /// least 0 and below 1; weight decay at least 0.
  public var legalValues: LegalRange<Double> {
    switch self {
    case .learningRate, .epsilon: .above(0)
    case .momentum, .beta1, .beta2: .from(0, below: 1)
    case .weightDecay: .from(0)
    }
  }

  /// The legal values between two limits; if there are none, the nearest legal value.
  ///
  /// - Parameters:
  ///   - minimum: the lower limit; nil: the smallest legal value.
  ///   - maximum: the upper limit; nil: the largest legal value.
  public func values(from minimum: Double?, to maximum: Double?) -> ClosedRange<Double> {
    let kept = legalValues.kept
    let least = max(kept.lowerBound, minimum ?? kept.lowerBound)
    return least...max(least, min(kept.upperBound, maximum ?? kept.upperBound))
  }
}

extension Transform {
  /// The φ whose values lie within the limits; infinite at an end that no value exceeds.
  ///
  /// A logarithm and its exponential round, so an end whose value lands outside by a few bits is
  /// moved inwards until it no longer does.
  func rawLimits(of values: ClosedRange<Double>) -> ClosedRange<Double> {
    let low = moved(raw(of: values.lowerBound) ?? -.infinity, by: 1) { $0 >= values.lowerBound }
    let high = moved(raw(of: values.upperBound) ?? .infinity, by: -1) { $0 <= values.upperBound }
    return low...max(low, high)
  }

  private func moved(_ end: Double, by sign: Double, _ isWithin: (Double) -> Bool) -> Double {
    guard end.isFinite else { return end }
    var (end, step) = (end, end.ulp)
    while !isWithin(value(of: end)), end.isFinite {
      end += sign * step
      step *= 2
    }
    return end
  }
}
