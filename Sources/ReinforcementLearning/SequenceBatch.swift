/// Sequences side by side for a recurrent learner, time first: row `t × B + b` is step t of sequence b.
///
/// Steps past a sequence's end are padding: zeros, with every option permitted and `isValid` 0. No figure of them
/// may count.
public struct SequenceBatch: Sendable {
  /// The number of sequences, B.
  public let count: Int
  /// What a sequence holds.
  public let layout: SequenceLayout
  /// The recurrent states before the first steps, `B × stateCount`.
  public var states: [Float]
  /// What is observed before each step and after the last, `(T + 1) × B × observationCount`.
  public var observations: [Float]
  /// The options permitted before each step and after the last, `(T + 1) × B × optionCount`.
  public var masks: [Bool]
  /// What was done, `T × B × actionCount`.
  public var actions: [Float]
  /// What each step earned, `T × B`.
  public var rewards: [Float]
  /// 1 for a real step, 0 for padding, `T × B`.
  public var isValid: [Float]
  /// 1 for a step that ended its trajectory for good, `T × B`.
  public var terminated: [Float]
  /// 1 for a step after which its trajectory was cut short, `T × B`.
  public var truncated: [Float]
  /// The real steps of each sequence, `B`.
  public var steps: [Int]

  /// Room for `count` sequences.
  public init(layout: SequenceLayout, count: Int) {
    precondition(count > 0, "a batch of \(count) sequences")
    self.layout = layout
    self.count = count
    let rows = layout.length * count
    states = [Float](repeating: 0, count: count * layout.stateCount)
    observations = [Float](repeating: 0, count: (rows + count) * layout.observationCount)
    masks = [Bool](repeating: true, count: (rows + count) * layout.mask.optionCount)
    actions = [Float](repeating: 0, count: rows * layout.actionCount)
    rewards = [Float](repeating: 0, count: rows)
    isValid = rewards
    terminated = rewards
    truncated = rewards
    steps = [Int](repeating: 0, count: count)
  }

  /// Spreads a ring's row over the steps of one sequence.
  mutating func spread(_ row: Span<Float>, to sequence: Int) {
    let valid = Int(row[layout.steps.lowerBound])
    let ending = row[layout.ending.lowerBound]
    steps[sequence] = valid
    Self.copy(row.extracting(layout.state), to: sequence * layout.stateCount, of: &states)
    for time in 0...layout.length {
      let place = time * count + sequence
      Self.copy(
        row.extracting(Self.part(time, of: layout.observations, each: layout.observationCount)),
        to: place * layout.observationCount, of: &observations)
      spreadMask(
        row.extracting(Self.part(time, of: layout.masks, each: layout.mask.columnCount)), to: place, time <= valid)
      if time == layout.length { break }
      Self.copy(
        row.extracting(Self.part(time, of: layout.actions, each: layout.actionCount)),
        to: place * layout.actionCount, of: &actions)
      rewards[place] = row[layout.rewards.lowerBound + time]
      isValid[place] = time < valid ? 1 : 0
      terminated[place] = time == valid - 1 && ending == 1 ? 1 : 0
      truncated[place] = time == valid - 1 && ending == 2 ? 1 : 0
    }
  }

  private mutating func spreadMask(_ columns: Span<Float>, to place: Int, _ isReal: Bool) {
    let layout = layout
    let options = layout.mask.optionCount
    var all = masks.mutableSpan
    var target = all._mutatingExtracting(place * options..<(place + 1) * options)
    if isReal { layout.mask.unpack(columns, rows: 1, into: &target) } else { target.update(repeating: true) }
  }

  private static func part(_ time: Int, of columns: Range<Int>, each count: Int) -> Range<Int> {
    columns.lowerBound + time * count..<columns.lowerBound + (time + 1) * count
  }

  private static func copy(_ values: Span<Float>, to first: Int, of array: inout [Float]) {
    var all = array.mutableSpan
    var target = all._mutatingExtracting(first..<first + values.count)
    for index in 0..<target.count { target[index] = values[index] }
  }
}
