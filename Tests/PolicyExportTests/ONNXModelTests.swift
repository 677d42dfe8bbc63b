import Foundation
import Policies
import PolicyExport
import Testing

struct ONNXModelTests {
  @Test func `gives the bytes of ONNX's own writer`() {
    var graph = ONNXGraph(name: "policy")
    graph.input("observation", .float32, columns: 4)
    graph.input("action_mask", .boolean, columns: 3)
    let mean = graph.constant("obs_mean", shape: [4], MinimalPolicy.normalizer.offset)
    let deviation = graph.constant("obs_std", shape: [4], MinimalPolicy.normalizer.scale)
    let low = graph.constant("clip_low", shape: [], [-MinimalPolicy.clip])
    let high = graph.constant("clip_high", shape: [], [MinimalPolicy.clip])
    let weight0 = graph.constant("layer_0.weight", shape: [5, 4], MinimalPolicy.weight0)
    let bias0 = graph.constant("layer_0.bias", shape: [5], MinimalPolicy.bias0)
    let weight1 = graph.constant("layer_1.weight", shape: [3, 5], MinimalPolicy.weight1)
    let bias1 = graph.constant("layer_1.bias", shape: [3], MinimalPolicy.bias1)
    let forbidden = graph.constant("forbidden", shape: [], [-.infinity])
    graph.node("Sub", ["observation", mean], to: "centered")
    graph.node("Div", ["centered", deviation], to: "scaled")
    graph.node("Clip", ["scaled", low, high], to: "h0")
    graph.node("Gemm", ["h0", weight0, bias0], to: "g0", ["transB": 1])
    graph.node("Relu", ["g0"], to: "h1")
    graph.node("Gemm", ["h1", weight1, bias1], to: "q_values", ["transB": 1])
    graph.node("Where", ["action_mask", "q_values", forbidden], to: "permitted")
    graph.node("ArgMax", ["permitted"], to: "action", ["keepdims": 0, "axis": 1])
    graph.output("action", .int64)
    graph.output("q_values", .float32, columns: 3)
    let model = ONNXModel(
      graph, producer: "onnx.helper", producerVersion: "1.23.2",
      metadata: [("edgewise.format", "edgewise-policy/1"), ("edgewise.algorithm", "dqn")])
    #expect(MinimalPolicy.file.count == 1106)
    #expect(model.encoded() == MinimalPolicy.file)
  }

  @Test func `writes a constant as little-endian floats with its extents`() throws {
    var graph = ONNXGraph(name: "")
    _ = graph.constant("c", shape: [2, 1], [1, -2])
    let bytes = ONNXModel(graph, producer: "", producerVersion: "", metadata: []).encoded()
    let tensor: [UInt8] = [
      0x2A, 0x13, 0x08, 2, 0x08, 1, 0x10, 1, 0x42, 1, UInt8(ascii: "c"), 0x4A, 8, 0, 0, 0x80, 0x3F, 0, 0, 0,
      0xC0,
    ]
    #expect(bytes == [0x08, 7, 0x12, 0, 0x1A, 0, 0x3A, 23, 0x12, 0] + tensor + [0x42, 4, 0x0A, 0, 0x10, 13])
  }

  /// Written with onnx 1.23.2, as ``MinimalPolicy``: `ReduceMean` over two axes, then `Reshape` to [0, −1].
  @Test func `writes lists of integers as ONNX's own writer does`() throws {
    var graph = ONNXGraph(name: "g")
    graph.node("ReduceMean", ["x"], to: "y", ["keepdims": 0, "axes": [1, 2]])
    graph.node("Reshape", ["y", graph.constant("s", [0, -1])], to: "z")
    let bytes = ONNXModel(graph, producer: "p", producerVersion: "1", metadata: []).encoded()
    let base64 =
      "CAcSAXAaATE6fwpACgF4EgF5Ggx5X1JlZHVjZU1lYW4iClJlZHVjZU1lYW4qDQoEYXhlc0ABQAKgAQcqDwoIa2VlcGRpbXMYAKABAgod"
      + "CgF5CgFzEgF6Ggl6X1Jlc2hhcGUiB1Jlc2hhcGUSAWcqGQgCEAdCAXNKEAAAAAAAAAAA//////////9CBAoAEA0="
    #expect(bytes == (try #require(Data(base64Encoded: base64))).map { $0 })
  }
}
