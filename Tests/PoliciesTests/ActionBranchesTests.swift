import Policies
import ReinforcementLearning
import Testing

struct ActionBranchesTests {
  @Test func `the permitted action of the greatest value is taken, the lowest of equals`() {
    let nan = Float.nan
    let cases: [([Float], [Bool], Int?)] = [
      ([1, 3, 2], [true, true, true], 1),
      ([1, 3, 2], [true, false, true], 2),
      ([1, 3, 2], [true, false, false], 0),
      ([5, 5, 5], [true, true, true], 0),
      ([5, 5, 5], [false, true, true], 1),
      ([-2, -1, -1], [true, true, true], 1),
      ([nan, 1, 2], [true, true, true], 2),
      ([2, nan, 1], [true, true, true], 0),
      ([nan, -.infinity, nan], [true, true, true], 1),
      ([-.infinity, -.infinity], [true, true], 0),
      ([1, .infinity], [true, false], 0),
      ([-0.0, 0.0], [true, true], 0),
      ([nan, nan], [true, true], nil),
      ([nan, 7], [true, false], nil),
      ([1, 2], [false, false], nil),
      ([], [], nil),
    ]
    for (values, mask, action) in cases {
      #expect(greedyAction(values.span, permitted: mask.span) == action, "\(values) under \(mask)")
    }
  }

  @Test func `without a mask the greatest value is taken, the lowest of equals`() {
    let nan = Float.nan
    let cases: [([Float], Int?)] = [
      ([1, 3, 2], 1), ([5, 5, 5], 0), ([-2, -1, -1], 1), ([nan, 1, 2], 2), ([2, nan, 1], 0),
      ([nan, -.infinity], 1), ([-.infinity, -.infinity], 0), ([nan, nan], nil), ([], nil),
    ]
    for (values, action) in cases { #expect(greedyAction(values.span) == action, "\(values)") }
  }

  @Test func `a choice is a branch, and its mask covers the leading options`() throws {
    let one = try #require(ActionBranches(.discrete(labels: ["a", "b", "c"])))
    #expect(one.options == [3] && one.count == 3 && one.maskCount == 3 && one.integers == 1 && one.levels.isEmpty)
    let several = try #require(ActionBranches(.multiDiscrete([2, 4])))
    #expect(several.options == [2, 4] && several.count == 6 && several.maskCount == 6 && several.integers == 2)
  }

  @Test func `real numbers are cut into even levels with both ends`() throws {
    let box = try #require(ActionBranches(.box([-1...1, 0...3]), levels: 5))
    #expect(box.options == [5, 5] && box.count == 10 && box.maskCount == 0 && box.integers == 0)
    #expect(box.levels == [[-1, -0.5, 0, 0.5, 1], [0, 0.75, 1.5, 2.25, 3]])
    let odd = try #require(ActionBranches(.box([0.1...0.7]), levels: 4))
    #expect(odd.levels[0].first == 0.1 && odd.levels[0].last == 0.7)
    let hybrid = try #require(ActionBranches(.hybrid(labels: ["a", "b"], box: [0...1]), levels: 2))
    #expect(hybrid.options == [2, 2] && hybrid.maskCount == 2 && hybrid.integers == 1 && hybrid.levels == [[0, 1]])
  }

  @Test func `the widest range does not overflow`() throws {
    let greatest = Float.greatestFiniteMagnitude
    let branches = try #require(ActionBranches(.box([-greatest...greatest]), levels: 3))
    #expect(branches.levels == [[-greatest, 0, greatest]])
  }

  @Test func `real numbers without levels, or without ends, have no branches`() {
    #expect(ActionBranches(.box([0...1])) == nil)
    #expect(ActionBranches(.box([0...1]), levels: 1) == nil)
    #expect(ActionBranches(.hybrid(labels: ["a"], box: [0...1])) == nil)
    #expect(ActionBranches(.box([0 ... .infinity]), levels: 3) == nil)
    #expect(ActionBranches(.discrete(labels: ["a"]), levels: 3) == ActionBranches(.discrete(labels: ["a"])))
  }

  @Test func `each branch chooses among its own options, levels without a mask`() throws {
    let branches = try #require(ActionBranches(.hybrid(labels: ["a", "b", "c"], box: [0...1]), levels: 2))
    let values: [Float] = [1, 9, 2, 4, 5]
    let mask = [true, false, true]
    #expect(branches.greedyOption(values.span, permitted: mask.span, branch: 0, from: 0) == 2)
    #expect(branches.greedyOption(values.span, permitted: mask.span, branch: 1, from: 3) == 1)
    let several = try #require(ActionBranches(.multiDiscrete([2, 3])))
    let masks = [true, true, false, true, true]
    #expect(several.greedyOption(values.span, permitted: masks.span, branch: 0, from: 0) == 1)
    #expect(several.greedyOption(values.span, permitted: masks.span, branch: 1, from: 2) == 2)
    let none = [true, true, false, false, false]
    #expect(several.greedyOption(values.span, permitted: none.span, branch: 1, from: 2) == nil)
  }

  @Test func `choices are written as integers and as the values of their levels`() throws {
    let branches = try #require(ActionBranches(.hybrid(labels: ["a", "b", "c"], box: [0...1, -4...4]), levels: 3))
    var discrete: [Int32] = [7, 7, 7]
    var continuous: [Float] = [7, 7, 7, 7]
    let choices: [Int32] = [2, 1, 0]
    branches.write(choices.span, into: &discrete, at: 1, &continuous, at: 1)
    #expect(discrete == [7, 2, 7] && continuous == [7, 0.5, -4, 7])
  }
}
