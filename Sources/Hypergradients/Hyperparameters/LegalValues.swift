/// The values of a hyperparameter that make sense in training, whatever its transform.
public struct LegalValues: Equatable, Sendable {
  /// The lower end.
  public let lower: Double
  /// Whether the lower end is legal itself.
  public let includesLower: Bool
  /// The upper end, which is not legal itself; nil where there is none.
  public let upper: Double?

  /// Whether a value is legal.
  public func contains(_ value: Double) -> Bool {
    let isAbove = includesLower ? value >= lower : value > lower
    return value.isFinite && isAbove && upper.map { value < $0 } ?? true
  }

  /// The legal values that tuning keeps to: those that single precision can tell from the ends that
  /// are not legal.
  public var kept: ClosedRange<Double> {
    let least = includesLower ? lower : lower + Double(Float.leastNormalMagnitude)
    let most = upper.map { Double(Float($0).nextDown) } ?? Double(Float.greatestFiniteMagnitude)
    return least...most
  }
}

extension HyperparameterName {
  /// The values that make sense in training: learning rate and ε above 0; momentum, β₁ and β₂ from 0 to
  /// below 1; weight decay from 0.
  public var legalValues: LegalValues {
    switch self {
    case .learningRate, .epsilon: LegalValues(lower: 0, includesLower: false, upper: nil)
    case .momentum, .beta1, .beta2: LegalValues(lower: 0, includesLower: true, upper: 1)
    case .weightDecay: LegalValues(lower: 0, includesLower: true, upper: nil)
    }
  }

  /// The legal values between two limits, or as near to them as there are any.
  ///
  /// - Parameters:
  ///   - minimum: nil: no limit but what is legal.
  ///   - maximum: the same.
  public func values(from minimum: Double?, to maximum: Double?) -> ClosedRange<Double> {
    let kept = legalValues.kept
    let least = max(kept.lowerBound, minimum ?? kept.lowerBound)
    return least...max(least, min(kept.upperBound, maximum ?? kept.upperBound))
  }
}

extension Transform {
  /// The φ whose values lie within limits; infinite at an end that no value passes.
  ///
  /// A logarithm and its exponential round, so an end whose value lies outside by a few bits is moved
  /// inwards until it does not.
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
