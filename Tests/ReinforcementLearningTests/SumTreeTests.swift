import Randomness
import ReinforcementLearning
import Testing

struct SumTreeTests {
  @Test(arguments: [1, 2, 3, 5, 64, 1000])
  func `after many writes the root is the sum of the leaves and their least`(count: Int) {
    var stream = RandomStream(seed: 3)
    var tree = SumTree(count: count)
    var leaves = [Double](repeating: 0, count: count)
    for _ in 0..<100_000 {
      let leaf = stream.integer(below: count)
      leaves[leaf] = stream.bernoulli(0.1) ? 0 : stream.exponential() * 1e3
      tree[leaf] = leaves[leaf]
    }
    let sum = leaves.reduce(0, +)
    #expect(abs(tree.total - sum) <= 1e-13 * sum * Double(count))
    #expect(tree.minimum == leaves.filter { $0 > 0 }.min() ?? .infinity)
    #expect((0..<count).map { tree[$0] } == leaves)
    // No error has gathered: the same leaves written at once give the same bits.
    var again = SumTree(count: count)
    again.assign(leaves.span)
    #expect(again.total == tree.total && again.minimum == tree.minimum)
  }

  @Test func `the line of weights is divided among the leaves in their order`() {
    var tree = SumTree(count: 5)
    tree.assign([2, 0, 1, 0.5].span)
    #expect(tree.total == 3.5 && tree.minimum == 0.5)
    for (point, leaf) in [(0, 0), (1.99, 0), (2, 2), (2.99, 2), (3, 3), (3.49, 3)] as [(Double, Int)] {
      #expect(tree.leaf(at: point) == leaf, "at \(point)")
    }
    // Points that rounding has pushed past the end still find a leaf with weight.
    #expect(tree.leaf(at: 3.5) == 3 && tree.leaf(at: 4) == 3)
  }

  @Test func `a leaf without weight is never found`() {
    var stream = RandomStream(seed: 5)
    var tree = SumTree(count: 37)
    for leaf in 0..<37 where leaf % 3 == 1 { tree[leaf] = stream.uniform() * 1e-3 + 1e-9 }
    for _ in 0..<20_000 { #expect(tree.leaf(at: stream.uniform() * tree.total) % 3 == 1) }
    #expect(tree.leaf(at: tree.total) % 3 == 1)
  }

  @Test func `memory is 32 bytes for each of a power of two of leaves`() {
    #expect(SumTree.bytes(count: 1000) == 32 * 1024)
    #expect(SumTree.bytes(count: 1024) == 32 * 1024)
  }
}
