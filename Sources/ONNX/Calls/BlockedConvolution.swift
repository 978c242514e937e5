/// An attribute of a `Conv` that no file has: the dimensions of its weights, which are stored in blocks.
enum BlockedConvolution {
  static let mark = " blocked"
}
