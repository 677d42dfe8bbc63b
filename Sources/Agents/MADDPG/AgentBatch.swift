import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning

/// The agents for which one set of parameters acts.
struct Place: Sendable, Equatable {
  /// The group's number.
  let group: Int
  /// The number among the sets of parameters of its group.
  let member: Int
  /// The agents' slots within the group.
  let slots: Range<Int>
}

/// Drawn transitions as the agents of one set of parameters met them, agent after agent, with what they would do next.
///
/// Row `i · batch + b` is agent i's part of transition b. Agents who are not there have weight 0 and are zeros.
struct AgentBatch: Sendable {
  let place: Place
  let outputs: ActorOutputs
  /// Values of an observation.
  let observationCount: Int
  /// Transitions drawn.
  let size: Int
  /// Observations as the networks read them, now and next: rows × ``observationCount``.
  private(set) var observations, nextObservations: [Float]
  /// Permitted options, now and next: rows × logits.
  private(set) var masks, nextMasks: [Bool]
  /// What was done, as a critic reads it: rows × outputs.
  private(set) var actions: [Float]
  private(set) var rewards: [Float]
  /// 1 where a trajectory ended for good.
  private(set) var ended: [Float]
  /// 1 where an agent is there, now and next.
  private(set) var active, nextActive: [Float]
  /// Whether everything is permitted, now and next.
  private var areMasksOpen = true
  private var areNextMasksOpen = true
  /// Whether all of them are.
  private(set) var isFull = true
  private(set) var isNextFull = true
  /// What the target actors do next.
  private(set) var next: ActionSample
  /// What the actors would do now, where it is asked for.
  private(set) var current: ActionSample
  /// The random numbers of these decisions.
  var stream: RandomStream
  private let network: Network
  private var workspace: Workspace
  private var columns: [Float]

  /// - Parameter network: that of the actors.
  init(
    _ place: Place, _ group: AgentGroup, outputs: ActorOutputs, network: Network, batchSize: Int, replay: JointReplay,
    stream: RandomStream
  ) {
    let rows = place.slots.count * batchSize
    self.place = place
    self.network = network
    self.stream = stream
    self.outputs = outputs
    observationCount = group.observation.count
    size = batchSize
    observations = [Float](repeating: 0, count: rows * group.observation.count)
    nextObservations = observations
    masks = [Bool](repeating: true, count: rows * outputs.logitCount)
    nextMasks = masks
    actions = [Float](repeating: 0, count: rows * outputs.count)
    rewards = [Float](repeating: 0, count: rows)
    ended = rewards
    active = rewards
    nextActive = rewards
    next = ActionSample(outputs, rows: rows)
    current = next
    workspace = network.makeWorkspace(batch: rows, training: false)
    let part = replay.columns[place.group]
    let widest = replay.columns.flatMap { [$0.masks.count, $0.active.count, $0.rewards.count] }.max() ?? 0
    columns = [Float](
      repeating: 0, count: batchSize * max(widest, part.observationCount, part.integerCount, part.realCount, 1))
  }

  var rows: Int { place.slots.count * size }

  /// Copies drawn rows out of the replay.
  ///
  /// - Parameters:
  ///   - rows: the transitions.
  ///   - following: the rows that hold what follows.
  mutating func gather(
    _ rows: [Int], following: [Int], of replay: borrowing JointReplay, through normalizer: borrowing Normalizer,
    reward: MADDPGConfiguration.Reward
  ) {
    let part = replay.columns[place.group]
    load(part.active, rows, of: replay)
    Self.unpack(part.flags, columns, place.slots, size, into: &active)
    load(part.active, following, of: replay)
    Self.unpack(part.flags, columns, place.slots, size, into: &nextActive)
    load(part.ended, rows, of: replay)
    Self.unpack(part.flags, columns, place.slots, size, into: &ended)
    isFull = active.allSatisfy { $0 == 1 }
    isNextFull = nextActive.allSatisfy { $0 == 1 }
    let (present, next) = (isFull ? nil : active, isNextFull ? nil : nextActive)
    Self.gather(part, place.slots, rows, of: replay, normalizer, present, into: &observations)
    Self.gather(part, place.slots, following, of: replay, normalizer, next, into: &nextObservations)
    if part.optionCount > 0 {
      load(part.masks, rows, of: replay)
      Self.unpack(part, columns, place.slots, size, isOpen: &areMasksOpen, into: &masks)
      load(part.masks, following, of: replay)
      Self.unpack(part, columns, place.slots, size, isOpen: &areNextMasksOpen, into: &nextMasks)
    }
    gatherActions(part, rows, of: replay)
    gatherRewards(part, rows, of: replay, reward)
  }

  private mutating func load(_ range: Range<Int>, _ rows: [Int], of replay: borrowing JointReplay) {
    Self.gather(range, rows, of: replay, into: &columns)
  }

  @inline(never)
  private static func gather(
    _ range: Range<Int>, _ rows: [Int], of replay: borrowing JointReplay, into columns: inout [Float]
  ) {
    var span = columns.mutableSpan
    replay.gather(range, rows: rows.span, into: &span)
  }

  @inline(never)
  private static func unpack(
    _ form: PackedMask, _ columns: [Float], _ slots: Range<Int>, _ size: Int, into flags: inout [Float]
  ) {
    var target = flags.mutableSpan
    for (index, slot) in slots.enumerated() {
      var own = target._mutatingExtracting(index * size..<(index + 1) * size)
      form.unpack(columns.span, option: slot, into: &own)
    }
  }

  @inline(never)
  private static func unpack(
    _ part: JointReplay.Columns, _ columns: [Float], _ slots: Range<Int>, _ size: Int, isOpen: inout Bool,
    into masks: inout [Bool]
  ) {
    let options = part.optionCount
    let wasOpen = isOpen
    isOpen = part.mask.permitsAll(columns.span.extracting(0..<size * part.mask.columnCount))
    // Most worlds forbid nothing: then what stands there stays.
    if isOpen && wasOpen { return }
    var target = masks.mutableSpan
    let source = columns.span
    let width = part.mask.columnCount
    for (index, slot) in slots.enumerated() {
      for option in 0..<options {
        let (column, bit) = (slot * options + option).quotientAndRemainder(dividingBy: PackedMask.optionsPerColumn)
        let shift = Int32(truncatingIfNeeded: bit)
        for row in 0..<size {
          target[(index * size + row) * options + option] = Int32(source[row * width + column]) &>> shift & 1 == 1
        }
      }
    }
  }

  @inline(never)
  private static func gather(
    _ part: JointReplay.Columns, _ slots: Range<Int>, _ rows: [Int], of replay: borrowing JointReplay,
    _ normalizer: borrowing Normalizer, _ active: [Float]?, into values: inout [Float]
  ) {
    let (count, size) = (part.observationCount, rows.count)
    var span = values.mutableSpan
    for (index, slot) in slots.enumerated() {
      let first = part.observations.lowerBound + slot * count
      var own = span._mutatingExtracting(index * size * count..<(index + 1) * size * count)
      replay.gather(first..<first + count, rows: rows.span, into: &own)
    }
    if normalizer.isIdentity { return }
    normalizer.apply(inPlace: &span)
    guard let active else { return }
    for row in 0..<active.count where active[row] == 0 {
      for index in row * count..<(row + 1) * count { span[index] = 0 }
    }
  }

  private mutating func gatherActions(_ part: JointReplay.Columns, _ rows: [Int], of replay: borrowing JointReplay) {
    let width = outputs.count
    for (index, slot) in place.slots.enumerated() {
      if part.integerCount > 0 {
        let first = part.integers.lowerBound + slot * part.integerCount
        load(first..<first + part.integerCount, rows, of: replay)
        Self.writeChoices(columns, active, index * size, size, outputs, into: &actions)
      }
      guard part.realCount > 0 else { continue }
      let first = part.reals.lowerBound + slot * part.realCount
      load(first..<first + part.realCount, rows, of: replay)
      for row in 0..<size {
        let target = (index * size + row) * width + outputs.logitCount
        let isThere = active[index * size + row] == 1
        for number in 0..<part.realCount {
          actions[target + number] = isThere ? outputs.place(number, of: columns[row * part.realCount + number]) : 0
        }
      }
    }
  }

  /// Writes one-hot vectors of the integers of one agent; zeros where it is not there.
  @inline(never)
  private static func writeChoices(
    _ integers: [Float], _ active: [Float], _ firstRow: Int, _ size: Int, _ outputs: ActorOutputs,
    into actions: inout [Float]
  ) {
    let (source, flags, choices) = (integers.span, active.span, outputs.choices.count)
    var target = actions.mutableSpan
    var start = 0
    for choice in 0..<choices {
      let options = outputs.choices[choice]
      for row in 0..<size {
        let first = (firstRow + row) * outputs.count + start
        var oneHot = target._mutatingExtracting(first..<first + options)
        let chosen = source[row * choices + choice]
        let one = flags[firstRow + row]
        for option in 0..<options { oneHot[option] = Float(option) == chosen ? one : 0 }
      }
      start += options
    }
  }

  private mutating func gatherRewards(
    _ part: JointReplay.Columns, _ rows: [Int], of replay: borrowing JointReplay, _ kind: MADDPGConfiguration.Reward
  ) {
    if kind == .own {
      for (index, slot) in place.slots.enumerated() {
        let column = part.rewards.lowerBound + slot
        load(column..<column + 1, rows, of: replay)
        for row in 0..<size { rewards[index * size + row] = columns[row] }
      }
      return
    }
    for row in 0..<size { rewards[row] = 0 }
    for group in replay.columns {
      load(group.rewards, rows, of: replay)
      for row in 0..<size {
        for slot in 0..<group.count { rewards[row] += columns[row * group.count + slot] }
      }
    }
    if kind == .mean { divideByActive(rows, of: replay) }
    for index in 1..<max(place.slots.count, 1) {
      for row in 0..<size { rewards[index * size + row] = rewards[row] }
    }
  }

  private mutating func divideByActive(_ rows: [Int], of replay: borrowing JointReplay) {
    for row in 0..<size {
      var count = 0
      for group in replay.columns {
        for slot in 0..<group.count {
          let (column, bit) = slot.quotientAndRemainder(dividingBy: PackedMask.optionsPerColumn)
          let word = Int32(replay.value(row: rows[row], column: group.active.lowerBound + column))
          count += Int(word >> Int32(bit) & 1)
        }
      }
      rewards[row] /= Float(max(count, 1))
    }
  }

  /// Decides what the target actors do next.
  mutating func decideNext(
    _ parameters: borrowing ParameterVector, _ recipe: MADDPGConfiguration
  ) {
    let (rows, masks) = (rows, nextMasks)
    network.forward(parameters, nextObservations, rows: rows, in: &workspace)
    let values = workspace.outputs
    switch recipe.targetChoice {
    case .sampled:
      next.draw(values.span, permitted: masks.span, rows: rows, temperature: nil, using: &stream)
    case .greedy: next.drawGreedy(values.span, permitted: masks.span, rows: rows)
    }
    if let smoothing = recipe.smoothing {
      next.smooth(deviation: smoothing.deviation, clip: smoothing.clip, rows: rows, using: &stream)
    }
  }

  /// Decides what the actors would do now.
  mutating func decideCurrent(_ parameters: borrowing ParameterVector) {
    let (rows, masks) = (rows, masks)
    network.forward(parameters, observations, rows: rows, in: &workspace)
    let values = workspace.outputs
    current.draw(values.span, permitted: masks.span, rows: rows, temperature: nil, using: &stream)
  }

  /// Copies drawn rows and decides what follows, and what would be done now where it is asked for.
  mutating func prepare(
    _ drawn: DrawnRows, of replay: borrowing JointReplay, through normalizer: borrowing Normalizer,
    _ actor: borrowing PublishedActor, _ recipe: MADDPGConfiguration
  ) {
    gather(drawn.rows, following: drawn.following, of: replay, through: normalizer, reward: recipe.reward)
    decideNext(actor.target, recipe)
    if recipe.others == .current { decideCurrent(actor.online) }
  }
}

/// The transitions of an update.
struct DrawnRows: Sendable {
  var rows, following: [Int]
  private var touched: UInt32 = 0

  init(size: Int) {
    rows = [Int](repeating: 0, count: size)
    following = rows
  }

  mutating func draw(from replay: borrowing JointReplay, using stream: inout RandomStream) {
    var (own, next): ([Int], [Int]) = ([], [])
    swap(&own, &rows)
    swap(&next, &following)
    do {
      var rows = own.mutableSpan
      var following = next.mutableSpan
      replay.draw(&rows, following: &following, using: &stream)
    }
    touched = replay.touch(own.span) ^ replay.touch(next.span)
    swap(&own, &rows)
    swap(&next, &following)
  }
}

/// An actor as all others see it during an update: as it was before.
struct PublishedActor: Sendable {
  var online, target: ParameterVector
}
