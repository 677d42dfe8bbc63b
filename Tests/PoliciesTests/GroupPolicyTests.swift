import Policies
import Testing

struct GroupPolicyTests {
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
}
