import Testing

@testable import ONNX

@Suite struct GraphTests {
}
