/// Attributes of a `MatMul` that no file has.
enum FusedTransposition {
  /// That the left factor is stored transposed, and that the right one is.
  static let names = [" transposes left", " transposes right"]
}
