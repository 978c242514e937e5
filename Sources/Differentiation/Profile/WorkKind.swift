import Tensors

/// What the time of a training goes into.
public enum WorkKind: Hashable, Sendable {
  /// Convolutions, all three products of each.
  case convolution
  /// Products of matrices.
  case product
  /// Normalisations with the rectifiers fused to them.
  case normalization
  /// Everything else on a tape: rectifiers, sums, pooling, losses.
  case elementwise
  /// Sums of gradients over shards and ranks.
  case sums
}

/// The four passes of a tape.
public enum TapePass: Hashable, Sendable, CaseIterable {
  /// y = f(x).
  case value
  /// The gradient.
  case pullback
  /// ẏ along one direction.
  case tangent
  /// The gradient's tangent along it.
  case pullbackTangent
}

/// The kernels of a convolution.
public enum ConvolutionProduct: Hashable, Sendable, CaseIterable {
  /// y ← x ∗ w.
  case forward
  /// ẏ ← x ∗ ẇ.
  case tangent
  /// ẏ ← ẏ + ẋ ∗ w.
  case addingTangent
  /// x̄ from ȳ and w.
  case inputGradient
  /// w̄ from x and ȳ.
  case weightGradient
}

/// What an operation of a tape does, for a ``WorkProfile``.
public struct OperationWork: Sendable {
  /// What kind of time it takes.
  public var kind: WorkKind
  /// The convolution, if it is one.
  var geometry: ConvolutionGeometry?
  /// Floating-point operations of one product, two a multiplication; 0 where there is none.
  public var productOperations: Int
  /// Whether tangents and gradients reach both factors of the product: the tangent and the pullback
  /// then take two products and the pullback's tangent four, else one each.
  public var hasInputGradient: Bool

  /// Work of some kind, with a product of two factors in it if it has `productOperations`.
  public init(
    kind: WorkKind = .elementwise, productOperations: Int = 0, hasInputGradient: Bool = false
  ) {
    self.kind = kind
    self.productOperations = productOperations
    self.hasInputGradient = hasInputGradient
  }

  /// How many products a pass takes.
  func products(of pass: TapePass) -> Int {
    if productOperations == 0 { return 0 }
    return switch pass {
    case .value: 1
    case .tangent, .pullback: hasInputGradient ? 2 : 1
    case .pullbackTangent: hasInputGradient ? 4 : 1
    }
  }

  /// The kernels that a convolution calls in a pass.
  func convolutionProducts(of pass: TapePass) -> [ConvolutionProduct] {
    switch pass {
    case .value: [.forward]
    case .tangent: hasInputGradient ? [.tangent, .addingTangent] : [.tangent]
    case .pullback: hasInputGradient ? [.weightGradient, .inputGradient] : [.weightGradient]
    case .pullbackTangent:
      hasInputGradient
        ? [.weightGradient, .weightGradient, .inputGradient, .inputGradient] : [.weightGradient]
    }
  }
}
