extension ONNXModel {
  /// x
  public struct Constant: Sendable {
    /// x
    public let name: String
    /// x
    public let dimensions: [Int]
    /// x
    public let reason: String
  }
  /// x
  public var constants: [Constant] { [] }
}
