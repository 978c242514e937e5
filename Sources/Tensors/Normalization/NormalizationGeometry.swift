/// The sizes of a group normalisation over images in the process's ``ImageLayout``.
///
/// Every pass goes image by image: first sums over the pixels of each channel, then statistics per
/// group, then one loop that is affine in its inputs, with per-channel coefficients. An image stays
/// in the cache between the two loops.
public struct NormalizationGeometry: Equatable, Sendable {
  /// Images per call.
  public let batch: Int
  /// Channels, a multiple of 16 and of `groups`.
  public let channels: Int
  /// Pixels per image.
  public let pixels: Int
  /// Groups of consecutive channels that share a mean and a variance.
  public let groups: Int
  /// Added to the variance.
  public let epsilon: Double
  /// The slope of the following leaky rectifier for negative arguments.
  public let slope: Double
  /// The memory layout of an image.
  let blocks: ImageBlocks

  /// Creates the sizes of a normalisation followed by a leaky rectifier.
  public init(
    batch: Int, channels: Int, pixels: Int, groups: Int, epsilon: Double, slope: Double
  ) {
    precondition(
      channels % ConvolutionGeometry.block == 0 && channels % groups == 0,
      "\(channels) channels are no multiple of 16 and of \(groups) groups")
    self.batch = batch
    self.channels = channels
    self.pixels = pixels
    self.groups = groups
    self.epsilon = epsilon
    self.slope = slope
    blocks = ImageBlocks(channels: channels, pixels: pixels)
  }

  /// Channels per group.
  public var groupChannels: Int { channels / groups }
  /// Elements in a group of one image.
  public var groupCount: Int { groupChannels * pixels }
  /// Elements in an image.
  public var imageCount: Int { channels * pixels }
  /// Elements in all images.
  public var count: Int { batch * imageCount }
}

/// The loops over pixels of a normalisation with its rectifier; all per-channel and per-group
/// arithmetic is in ``GroupNormalization``.
///
/// `x` is the input, `z` the output; the sign of z gives the rectifier's derivative m (1 or its
/// slope).
public protocol NormalizationLoops<Number> {
  associatedtype Number: Scalar

  /// a_c ← Σ x, b_c ← Σ x² over the pixels of an image, `[channels]`.
  static func moments(
    _ g: NormalizationGeometry, _ x: UnsafePointer<Number>, _ a: UnsafeMutablePointer<Number>,
    _ b: UnsafeMutablePointer<Number>)

  /// a_c ← Σ u, b_c ← Σ u x over the pixels of an image.
  static func products(
    _ g: NormalizationGeometry, _ u: UnsafePointer<Number>, _ x: UnsafePointer<Number>,
    _ a: UnsafeMutablePointer<Number>, _ b: UnsafeMutablePointer<Number>)

  /// a_c ← Σ m u, b_c ← Σ m u x over the pixels of an image.
  static func patternedProducts(
    _ g: NormalizationGeometry, _ u: UnsafePointer<Number>, _ z: UnsafePointer<Number>,
    _ x: UnsafePointer<Number>, _ a: UnsafeMutablePointer<Number>,
    _ b: UnsafeMutablePointer<Number>)

  /// z ← rectified(p_c x + q_c).
  static func rectifiedAffine(
    _ g: NormalizationGeometry, _ x: UnsafePointer<Number>, _ z: UnsafeMutablePointer<Number>,
    _ p: UnsafePointer<Number>, _ q: UnsafePointer<Number>)

  /// ż ← m (p_c ẋ + q_c x + r_c).
  static func patternedAffine(
    _ g: NormalizationGeometry, _ xTangent: UnsafePointer<Number>, _ x: UnsafePointer<Number>,
    _ z: UnsafePointer<Number>, _ zTangent: UnsafeMutablePointer<Number>,
    _ p: UnsafePointer<Number>, _ q: UnsafePointer<Number>, _ r: UnsafePointer<Number>)

  /// x̄ ← (or ← x̄ + if `accumulate`) p_c m z̄ + q_c x + r_c.
  static func pullback(
    _ g: NormalizationGeometry, _ zCotangent: UnsafePointer<Number>, _ z: UnsafePointer<Number>,
    _ x: UnsafePointer<Number>, _ xCotangent: UnsafeMutablePointer<Number>,
    _ p: UnsafePointer<Number>, _ q: UnsafePointer<Number>, _ r: UnsafePointer<Number>,
    accumulate: Bool)

  /// x̄̇ ← (or ← x̄̇ + if `accumulate`) m (p_c z̄̇ + s_c z̄) + q_c x + t_c ẋ + r_c.
  static func pullbackTangent(
    _ g: NormalizationGeometry, _ cotangents: NormalizationCotangents<Number>,
    _ x: UnsafePointer<Number>, _ xTangent: UnsafePointer<Number>,
    _ result: UnsafeMutablePointer<Number>, _ c: NormalizationCoefficients<Number>,
    accumulate: Bool)
}

/// z̄, its tangent, and z, whose sign gives m.
public struct NormalizationCotangents<Number: Scalar> {
  let cotangent, tangent, output: UnsafePointer<Number>

  /// z̄, z̄̇ and z, `[batch, …]`.
  public init(
    cotangent: UnsafePointer<Number>, tangent: UnsafePointer<Number>,
    output: UnsafePointer<Number>
  ) {
    self.cotangent = cotangent
    self.tangent = tangent
    self.output = output
  }
}

/// The coefficients of the loop with the most terms, `[channels]` each.
public struct NormalizationCoefficients<Number: Scalar> {
  let p, s, q, t, r: UnsafePointer<Number>
}
