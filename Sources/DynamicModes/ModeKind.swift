/// The kind of modes: Φ = U W (projected) or Φ = Y V Σ⁻¹ W Λ⁻¹ (exact).
///
/// Both as in Tu et al. (2014).
public enum ModeKind: String, CaseIterable, Sendable {
  case projected, exact
}

/// What the amplitudes b are fitted to: all snapshots (least squares) or the first one only.
public enum AmplitudeFit: String, CaseIterable, Sendable {
  case all, first
}
