/// A node that no file has: `[x, γ, β]` with the attributes num_groups, epsilon and slope, that of the
/// leaky rectifier behind it, 1 where there is none.
enum FusedGroupNormalization {
  static let type = " GroupNormalization"
  static let slope = "slope"
  /// That nothing else reads γ and β.
  static let owns = "owns"
}
