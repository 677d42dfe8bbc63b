internal import NeuralNetworks
internal import Policies
internal import Randomness
internal import ReinforcementLearning

/// One observation with its mask and recurrent state, and why it is among the golden ones.
struct GoldenRow: Sendable, Equatable {
  let purpose: String
  let observation: [Float]
  let mask: [Bool]
  let state: [Float]
}

/// Rows that meet every end of a policy's inputs and every one of its actions.
///
/// First the middle of all ranges, each field at its low and at its high bound, and extreme magnitudes; then,
/// a row that each option of each branch wins, with the better ones masked where it wins by no other means, rows
/// whose best actions are masked, and the rows found that squash a real number lowest and highest; then random rows with random masks up to ``leastCount``. A level that no
/// row was found for has none, as levels cannot be masked. The state is zero, as at the start of a trajectory,
/// and in about half of the random rows between −1 and 1. Where a range has no end, a distance of 1000 stands in for
/// it. The rows follow from the policy alone.
struct GoldenRows {
  /// The least number of rows.
  static let leastCount = 32
  private static let searchCount = 2000
  private static let randomCount = 8
  private static let openDistance: Float = 1000

  private let ends: [(low: Float, high: Float)]
  private let names: [String]
  private let branches: ActionBranches
  private let stateCount: Int
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
    branches = PolicyGraph.head(of: policy).branches
    stateCount = policy.network.stateCount
    evaluation = ModelEvaluation(policy, parameters: index)
    stream = RandomStream(seed: 0x676F_6C64).split(UInt64(index))
    addBounds()
    addExtremes()
    addWinners()
    addFarthest()
    let least = max(Self.leastCount, rows.count + Self.randomCount)
    while rows.count < least, overflow == nil { add(randomPurpose, randomInput(), randomMask()) }
  }

  private static func ends(of range: ClosedRange<Float>) -> (low: Float, high: Float) {
    let low = range.lowerBound
    let high = range.upperBound
    if low.isFinite { return (low, high.isFinite ? high : low + openDistance) }
    return high.isFinite ? (high - openDistance, high) : (-openDistance, openDistance)
  }

  private var randomPurpose: String {
    "a random observation" + (branches.maskCount > 0 ? " and mask" : "") + (stateCount > 0 ? ", any state" : "")
  }

  /// Adds a row that begins a trajectory; one beyond the ranges is left out where the outputs overflow.
  private mutating func add(_ purpose: String, _ observation: [Float], isWithinRanges: Bool = true) {
    let input = GoldenInput(observation: observation, state: [Float](repeating: 0, count: stateCount))
    add(purpose, input, isWithinRanges: isWithinRanges)
  }

  private mutating func add(
    _ purpose: String, _ input: GoldenInput, _ mask: [Bool]? = nil, isWithinRanges: Bool = true
  ) {
    guard input.observation.allSatisfy(\.isFinite),
      evaluation.answer(to: input.observation, state: input.state).isFinite
    else {
      if isWithinRanges, overflow == nil { overflow = purpose }
      return
    }
    rows.append(
      GoldenRow(purpose: purpose, observation: input.observation, mask: mask ?? unmasked, state: input.state))
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

  /// A row for each option that wins, and a few whose best actions are masked.
  private mutating func addWinners() {
    let winners = searchWinners()
    var first = 0
    for (branch, options) in branches.options.enumerated() {
      for option in 0..<options {
        if let input = winners[first + option] {
          add("\(name(option, of: branch)) wins", input)
        } else if branch < branches.integers {
          let input = randomInput()
          let values = evaluation.answer(to: input.observation, state: input.state).values
          let mask = unmasked.indices.map {
            !(first..<first + options).contains($0) || $0 == first + option || values[$0] < values[first + option]
          }
          add("\(name(option, of: branch)) wins where better ones are masked", input, mask)
        }
      }
      first += options
    }
    for _ in 0..<4 where branches.options[..<branches.integers].contains(where: { $0 > 1 }) { addMaskedBest() }
  }

  /// Two rows for each output that no branch chooses among: where it is lowest and where highest.
  private mutating func addFarthest() {
    let numbers = branches.count..<evaluation.valueCount
    guard !numbers.isEmpty else { return }
    var extremes = numbers.map { _ in (low: Extreme(), high: Extreme()) }
    for _ in 0..<Self.searchCount / 10 {
      let input = randomInput()
      let values = evaluation.answer(to: input.observation, state: input.state).values
      for (number, value) in values[numbers].enumerated() where value.isFinite {
        extremes[number].low.note(-value, input)
        extremes[number].high.note(value, input)
      }
    }
    for (number, extreme) in extremes.enumerated() {
      if let input = extreme.low.input { add("number \(number) at its least", input) }
      if let input = extreme.high.input { add("number \(number) at its greatest", input) }
    }
  }

  /// For each option of all branches an input for which it wins without a mask, where one is found.
  private mutating func searchWinners() -> [GoldenInput?] {
    var winners = [GoldenInput?](repeating: nil, count: branches.count)
    for _ in 0..<Self.searchCount where winners.contains(where: { $0 == nil }) {
      let input = randomInput()
      let answer = evaluation.answer(to: input.observation, state: input.state)
      guard answer.isFinite, let choices = branches.choices(of: answer.values, permitted: unmasked) else { continue }
      var first = 0
      for (choice, options) in zip(choices, branches.options) {
        if winners[first + choice] == nil { winners[first + choice] = input }
        first += options
      }
    }
    return winners
  }

  /// A row in which every choice that has others is denied its best option.
  private mutating func addMaskedBest() {
    let input = randomInput()
    let values = evaluation.answer(to: input.observation, state: input.state).values
    guard let choices = branches.choices(of: values, permitted: unmasked) else { return }
    var mask = unmasked
    var masked: [String] = []
    var first = 0
    for (branch, options) in branches.options[..<branches.integers].enumerated() {
      if options > 1 {
        mask[first + choices[branch]] = false
        masked.append("\(choices[branch])")
      }
      first += options
    }
    let best = masked.count == 1 ? "action, \(masked[0]), is" : "actions, \(masked.joined(separator: ", ")), are"
    add("the best \(best) masked", input, mask)
  }

  /// What an option is called in a purpose.
  private func name(_ option: Int, of branch: Int) -> String {
    if branches.options.count == 1, branches.integers == 1 { return "action \(option)" }
    return branch < branches.integers
      ? "option \(option) of choice \(branch)" : "level \(option) of number \(branch - branches.integers)"
  }

  private var unmasked: [Bool] { [Bool](repeating: true, count: branches.maskCount) }

  /// An observation within its ranges, with the zeros of a trajectory's start or a state in [−1, 1].
  private mutating func randomInput() -> GoldenInput {
    let observation = randomObservation()
    var state = [Float](repeating: 0, count: stateCount)
    if stateCount > 0, stream.bernoulli(0.5) {
      for index in state.indices { state[index] = Float(stream.uniform(in: -1..<1)) }
    }
    return GoldenInput(observation: observation, state: state)
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
    for options in branches.options[..<branches.integers] {
      let first = mask.count
      for _ in 0..<options { mask.append(stream.bernoulli(0.5)) }
      if !mask[first...].contains(true) { mask[first + stream.integer(below: options)] = true }
    }
    return mask
  }
}

/// What a row gives a model besides its mask.
private struct GoldenInput {
  let observation: [Float]
  let state: [Float]
}

/// The input for which something was greatest.
private struct Extreme {
  private var value = -Float.infinity
  private(set) var input: GoldenInput?

  mutating func note(_ value: Float, _ input: GoldenInput) {
    guard value > self.value else { return }
    (self.value, self.input) = (value, input)
  }
}
