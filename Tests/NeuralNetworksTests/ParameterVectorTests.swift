import NeuralNetworks
import Randomness
import Snapshots
import Testing

struct ParameterVectorTests {
  let network = Network.mlp(inputs: 3, hidden: [9], outputs: 2)
  let online: ParameterVector
  let old: ParameterVector

  init() {
    var stream = RandomStream(seed: 8)
    online = network.initialParameters(using: &stream)
    old = network.initialParameters(using: &stream)
  }

  @Test(arguments: [Float(0.005), 0.01, 0.3, 0.5, 0.999])
  func `a target is (1 - tau) old + tau new to the bit`(tau: Float) {
    var target = old
    target.move(toward: online, by: tau)
    let expected = zip(old.values, online.values).map { (1 - tau) * $0 + tau * $1 }
    #expect(target.values.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test func `tau 0 changes no bit and tau 1 copies every bit`() {
    var (odd, even) = (old, online)
    odd.values[0] = -0.0
    odd.values[1] = .infinity
    even.values[0] = .infinity
    even.values[1] = -0.0
    var target = odd
    target.move(toward: even, by: 0)
    #expect(target.values.map(\.bitPattern) == odd.values.map(\.bitPattern))
    target.move(toward: even, by: 1)
    #expect(target.values.map(\.bitPattern) == even.values.map(\.bitPattern))
  }

  @Test func `a hard update copies and leaves the source alone`() {
    var target = old
    let before = online
    target.copy(from: online)
    #expect(target == online && online == before)
  }

  @Test func `a tau beyond 1 is refused`() async {
    await #expect(processExitsWith: .failure) {
      var target = ParameterVector(layout: ParameterLayout())
      target.move(toward: target, by: 1.5)
    }
  }

  @Test func `a name gives its own part`() throws {
    #expect(online["layers.1.bias"] == Array(online.values.suffix(2)))
    #expect(online["layers.7.bias"] == nil)
  }

  @Test func `a snapshot has a group for each layer and restores every bit`() throws {
    let snapshot = online.snapshot()
    #expect(snapshot.names == ["layers.0", "layers.1"])
    #expect(try snapshot.group("layers.0").dataset("weight").shape == [9, 3])
    #expect(try snapshot.group("layers.1").floats("bias") == Array(online.values.suffix(2)))
    var restored = old
    try restored.restore(from: snapshot)
    #expect(restored == online)
  }

  @Test func `a snapshot of another network is refused and changes nothing`() {
    let other = Network.mlp(inputs: 3, hidden: [9], outputs: 4)
    var restored = old
    #expect(throws: SnapshotError.self) {
      try restored.restore(from: ParameterVector(layout: other.layout).snapshot())
    }
    #expect(restored == old)
  }
}
