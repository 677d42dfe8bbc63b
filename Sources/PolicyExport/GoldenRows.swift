internal import Policies
internal import Randomness
internal import ReinforcementLearning

/// One observation with its mask, and why it is among the golden ones.
struct GoldenRow: Sendable, Equatable {
  let purpose: String
  let observation: [Float]
  let mask: [Bool]
}

/// Rows that meet every end of a policy's inputs and every one of its actions.
///
/// First the middle of all ranges, each field at its low and at its high bound, and extreme magnitudes; then,
/// for policies that choose, a row that each action wins, with the better ones masked where it wins by no
/// other means, and rows whose best action is masked; then random rows with random masks up to
/// ``leastCount``. Where a range has no end, a distance of 1000 stands in for it. The rows follow from the
/// policy alone.
struct GoldenRows {
  /// The least number of rows.
  static let leastCount = 32
  private static let searchCount = 2000
  private static let randomCount = 8
  private static let openDistance: Float = 1000

  private let ends: [(low: Float, high: Float)]
  private let names: [String]
  private let options: Int
  private var evaluation: ModelEvaluation
  private var stream: RandomStream
  private(set) var rows: [GoldenRow] = []

  /// The purpose of the first row within the ranges for which an output is not finite, if there is one.
  private(set) var overflow: String?

  /// The rows of one model.
  init(_ policy: GroupPolicy, parameters index: Int) {
    let fields = policy.group.observation.fields
    ends = fields.map { Self.ends(of: $0.range) }
    names = fields.map(\.name)
    options = policy.group.action.maskCount
    evaluation = ModelEvaluation(policy, parameters: index)
    stream = RandomStream(seed: 0x676F_6C64).split(UInt64(index))
    addBounds()
    addExtremes()
    switch policy.head {
    case .greedyValue: addWinners()
    }
    let least = max(Self.leastCount, rows.count + Self.randomCount)
    while rows.count < least, overflow == nil {
      add("a random observation and mask", randomObservation(), randomMask())
    }
  }

  private static func ends(of range: ClosedRange<Float>) -> (low: Float, high: Float) {
    let low = range.lowerBound
    let high = range.upperBound
    if low.isFinite { return (low, high.isFinite ? high : low + openDistance) }
    return high.isFinite ? (high - openDistance, high) : (-openDistance, openDistance)
  }

  /// Adds a row; one beyond the ranges is left out where the outputs overflow.
  private mutating func add(
    _ purpose: String, _ observation: [Float], _ mask: [Bool]? = nil, isWithinRanges: Bool = true
  ) {
    guard observation.allSatisfy(\.isFinite), evaluation.outputs(for: observation).allSatisfy(\.isFinite)
    else {
      if isWithinRanges, overflow == nil { overflow = purpose }
      return
    }
    let all = [Bool](repeating: true, count: options)
    rows.append(GoldenRow(purpose: purpose, observation: observation, mask: mask ?? all))
  }

  private mutating func addBounds() {
    let middle = ends.map { $0.low / 2 + $0.high / 2 }
    add("every field in the middle of its range", middle)
    for field in ends.indices {
      var observation = middle
      observation[field] = ends[field].low
      add("\(names[field]) at its low bound", observation)
      observation[field] = ends[field].high
      add("\(names[field]) at its high bound", observation)
    }
  }

  private mutating func addExtremes() {
    add("every field at its low bound", ends.map(\.low))
    add("every field at its high bound", ends.map(\.high))
    add("bounds by turns", ends.indices.map { $0 % 2 == 0 ? ends[$0].low : ends[$0].high })
    add("every field zero", ends.map { _ in 0 }, isWithinRanges: false)
    let tiny: [Float] = ends.indices.map { $0 % 2 == 0 ? 1e-30 : -1e-30 }
    add("every field tiny", tiny, isWithinRanges: false)
    for sign in [1, -1] as [Float] {
      let far = ends.indices.map { field in
        let half = ends[field].high / 2 - ends[field].low / 2
        return ends[field].low / 2 + ends[field].high / 2 + (field % 2 == 0 ? sign : -sign) * 100 * half
      }
      add("every field a hundred times beyond its range", far, isWithinRanges: false)
    }
  }

  /// A row for each action that wins, and a few whose best action is masked.
  private mutating func addWinners() {
    let all = [Bool](repeating: true, count: options)
    var winners = [[Float]?](repeating: nil, count: options)
    for _ in 0..<Self.searchCount where winners.contains(nil) {
      let observation = randomObservation()
      let values = evaluation.outputs(for: observation)
      guard values.allSatisfy(\.isFinite), let best = greedyAction(values.span, permitted: all.span) else {
        continue
      }
      if winners[best] == nil { winners[best] = observation }
    }
    for action in 0..<options {
      if let observation = winners[action] {
        add("action \(action) wins", observation)
      } else {
        let observation = randomObservation()
        let values = evaluation.outputs(for: observation)
        let mask = (0..<options).map { $0 == action || values[$0] < values[action] }
        add("action \(action) wins where better ones are masked", observation, mask)
      }
    }
    guard options > 1 else { return }
    for _ in 0..<4 {
      let observation = randomObservation()
      let values = evaluation.outputs(for: observation)
      guard let best = greedyAction(values.span, permitted: all.span) else { continue }
      add("the best action, \(best), is masked", observation, (0..<options).map { $0 != best })
    }
  }

  private mutating func randomObservation() -> [Float] {
    var observation: [Float] = []
    for (low, high) in ends {
      let part = Float(stream.uniform())
      observation.append(low * (1 - part) + high * part)
    }
    return observation
  }

  private mutating func randomMask() -> [Bool] {
    var mask: [Bool] = []
    for _ in 0..<options { mask.append(stream.bernoulli(0.5)) }
    if options > 0, !mask.contains(true) { mask[stream.integer(below: options)] = true }
    return mask
  }
}
