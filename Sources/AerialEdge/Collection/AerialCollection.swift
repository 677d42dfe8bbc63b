import EdgeCloud
import Glibc
import Randomness
public import ReinforcementLearning
import Snapshots

/// Flying collectors that take data from sensors on the ground, process them and send them to a centre, so that what
/// the centre knows of every sensor is as fresh as can be.
///
/// Time runs in slots. In a slot every collector moves (unless it is taking data in), sends one processed batch, works
/// on one unprocessed batch, and takes in what the sensors in its collect radius hold. The centre shares its band among
/// the collectors. The reward is less the mean over sensors of the age of information. The card
/// (`Environments/aerial/collection.md`) has observations, actions, reward, sources and what is simplified.
///
/// Packets and places are functions of (seed, entity, slot), the same under every policy.
public struct AerialCollection: Environment {
  /// The constants of the scenario.
  public let parameters: CollectionParameters
  public let groups: [AgentGroup]

  let uplink: AirUplink
  let packetBits: PoissonQuantile
  let form: CollectionForm
  let isPublished: Bool

  var world = WorldDraws(seed: 0)
  var step = 0
  /// Collectors.
  var x_m: [Double]
  var y_m: [Double]
  /// The slot from which a collector may move and take data again.
  var freeFrom: [Int]
  /// Batches before and after processing; [collectors × buffer], the first `…Count` of each in the order they came.
  var collected: [Haul]
  var collectedCount: [Int]
  var processed: [Haul]
  var processedCount: [Int]
  /// The published code's shared counter of processed bits, its sending index and its hovering time.
  var partial_bits: [Double]
  var sending: [Int]
  var hovering: [Double]
  /// What is left of the share of the band that each was given in the last slot.
  var share: [Double]
  /// Sensors.
  var sensorX_m: [Double]
  var sensorY_m: [Double]
  var waitingPackets: [Int]
  var waiting_bits: [Double]
  var waitingNewest_s: [Double]
  var waitingMade_s: [Double]
  /// The collector that a sensor hands its data to, −1 if none.
  var holder: [Int32]
  /// What the published map shows of a sensor, which lags behind.
  var shown_bits: [Double]
  var shownAge_s: [Double]
  var oldestMade_s: [Double]
  /// The age that the reward counts, and the true account.
  var age_s: [Double]
  var ages: [AgeOfInformation]
  /// The freshest delivery of the slot, published code; infinite if there was none.
  var arriving_s: [Double]
  /// Nearest sensors and collectors in sight, −1 where there are no more.
  var seenSensors: [Int32]
  var seenCollectors: [Int32]
  var reachable_bps: [Double]
  var books = Books()
  var latencies_s: [Double] = []
  var ageSum_s = 0.0
  var acts: [CollectorAct]

  /// A world of the given constants; call ``reset(seed:)`` before an episode.
  public init(_ parameters: CollectionParameters) {
    self.parameters = parameters
    isPublished = parameters.dynamics == .published
    uplink = AirUplink(parameters)
    packetBits = PoissonQuantile(mean: parameters.sensors.packetBits)
    form = CollectionForm(parameters)
    let count = parameters.collectors.count
    let sensors = parameters.sensors.count
    let buffer = parameters.collectors.buffer
    let none = [Double](repeating: 0, count: count)
    (x_m, y_m, partial_bits, hovering, share, reachable_bps) = (none, none, none, none, none, none)
    freeFrom = [Int](repeating: 0, count: count)
    sending = [Int](repeating: -1, count: count)
    collected = [Haul](repeating: Haul(), count: count * buffer)
    processed = collected
    collectedCount = freeFrom
    processedCount = freeFrom
    let bare = [Double](repeating: 0, count: sensors)
    (sensorX_m, sensorY_m, waiting_bits, waitingNewest_s, waitingMade_s) = (bare, bare, bare, bare, bare)
    (shown_bits, shownAge_s, oldestMade_s, age_s, arriving_s) = (bare, bare, bare, bare, bare)
    waitingPackets = [Int](repeating: 0, count: sensors)
    holder = [Int32](repeating: -1, count: sensors)
    ages = [AgeOfInformation](repeating: AgeOfInformation(), count: sensors)
    seenSensors = [Int32](repeating: -1, count: count * parameters.collectors.seenSensors)
    seenCollectors = [Int32](repeating: -1, count: count * min(parameters.collectors.seenCollectors, count - 1))
    acts = [CollectorAct](repeating: CollectorAct(), count: count)
    latencies_s.reserveCapacity(count * parameters.time.steps)
    groups = Self.groups(parameters, form)
    reset(seed: 0)
  }

  var buffer: Int { parameters.collectors.buffer }
  var collectorCount: Int { parameters.collectors.count }
  var sensorCount: Int { parameters.sensors.count }
  var hasCentre: Bool { parameters.uplink.sharing == .centre }

  /// The present moment since the episode began.
  var now_s: Double { Double(step) * parameters.time.step_s }

  public mutating func reset(seed: UInt64) {
    world = WorldDraws(seed: seed)
    step = 0
    for index in 0..<collectorCount {
      (freeFrom[index], collectedCount[index], processedCount[index], sending[index]) = (0, 0, 0, -1)
      (partial_bits[index], hovering[index], share[index]) = (0, 0, 0)
      acts[index] = CollectorAct()
    }
    for index in collected.indices {
      collected[index] = Haul()
      processed[index] = Haul()
    }
    for sensor in 0..<sensorCount {
      (waitingPackets[sensor], waiting_bits[sensor], waitingNewest_s[sensor]) = (0, 0, 0)
      (waitingMade_s[sensor], shown_bits[sensor], shownAge_s[sensor], oldestMade_s[sensor]) = (0, 0, 0, 0)
      (holder[sensor], age_s[sensor], arriving_s[sensor]) = (-1, 0, .infinity)
      ages[sensor] = AgeOfInformation()
    }
    books = Books()
    latencies_s.removeAll(keepingCapacity: true)
    ageSum_s = 0
    place()
    if !isPublished { makePackets() }
    look()
  }

  /// Puts sensors and collectors where the seed wants them: uniform in the middle eight and seven tenths of the square.
  mutating func place() {
    let layout = parameters.sensors.layoutSeed.map { WorldDraws(seed: $0) } ?? world
    for sensor in 0..<sensorCount {
      let words = layout.block(.sensorPlace, entity: UInt64(sensor))
      sensorX_m[sensor] = somewhere(words.0, margin: 0.1)
      sensorY_m[sensor] = somewhere(words.1, margin: 0.1)
    }
    for index in 0..<collectorCount {
      let words = world.block(.collectorPlace, entity: UInt64(index))
      x_m[index] = somewhere(words.0, margin: 0.15)
      y_m[index] = somewhere(words.1, margin: 0.15)
    }
  }

  /// A coordinate within margins; a whole number of metres in the published world.
  private func somewhere(_ word: UInt64, margin: Double) -> Double {
    let (low, high) = (margin * parameters.side_m, (1 - margin) * parameters.side_m)
    let value = low + (high - low) * Variate.uniform(word)
    return isPublished ? value.rounded(.down) : value
  }

  /// Lets sensors make the packets of the slot.
  mutating func makePackets() {
    let sensors = parameters.sensors
    for sensor in 0..<sensorCount {
      let words = world.block(.sensorPacket, entity: UInt64(sensor), time: UInt64(step))
      if Variate.uniform(words.0) < sensors.packetChance {
        let bits = Double(packetBits.count(words.1))
        if bits > 0, bits < sensors.largestPacket_bits {
          if waitingPackets[sensor] == 0 { oldestMade_s[sensor] = now_s }
          waitingPackets[sensor] += 1
          waiting_bits[sensor] += bits
          waitingNewest_s[sensor] = now_s
          waitingMade_s[sensor] += now_s
          books.made += 1
          books.made_bits += bits
        }
      }
      if isPublished, waitingPackets[sensor] > 0 {
        shown_bits[sensor] = waiting_bits[sensor]
        shownAge_s[sensor] = now_s - oldestMade_s[sensor]
      }
    }
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    if isPublished { makePackets() }
    for index in 0..<collectorCount {
      let decision = form.decision(of: index, in: actions)
      acts[index] = CollectorAct()
      acts[index].decision = decision
      move(index, decision)
    }
    divideBand(actions)
    books.inside_s += Double(books.inside) * parameters.time.step_s
    for sensor in 0..<sensorCount { age_s[sensor] += parameters.time.step_s }
    for index in 0..<collectorCount {
      if isPublished { workAsPublished(index) } else { work(index) }
    }
    settleAges()
    reward(outcome: &outcome)
    step += 1
    let isOver = step >= parameters.time.steps
    for agent in outcome.truncated.indices { outcome.truncated[agent] = isOver }
    outcome.episodeOver = isOver
    if !isPublished { makePackets() }
    look()
  }

  /// Gives every sensor its new age at the end of the slot.
  private mutating func settleAges() {
    if !isPublished { return }
    for sensor in 0..<sensorCount where arriving_s[sensor] < .infinity {
      age_s[sensor] = arriving_s[sensor]
      arriving_s[sensor] = .infinity
    }
  }

  private mutating func reward(outcome: inout StepOutcome) {
    var sum = 0.0
    for sensor in 0..<sensorCount { sum += age_s[sensor] }
    let mean = sum / Double(sensorCount)
    ageSum_s += mean
    let weights = parameters.reward
    for index in 0..<collectorCount {
      acts[index].meanAge_s = mean
      acts[index].reward =
        -(weights.ageWeight / weights.ageReference_s * mean
        + weights.energyWeight / weights.energyReference_J * acts[index].energy_J)
      outcome.rewards[index] = acts[index].reward
      books.energy_J += acts[index].energy_J
    }
    if hasCentre { outcome.rewards[collectorCount] = -(weights.ageWeight / weights.ageReference_s * mean) }
  }

  /// Divides the band for the slot.
  private mutating func divideBand(_ actions: borrowing JointAction) {
    let count = collectorCount
    switch parameters.uplink.sharing {
    case .equal:
      for index in 0..<count { share[index] = 1 / Double(count) }
    case .active:
      var senders = 0
      for index in 0..<count where processedCount[index] > 0 { senders += 1 }
      for index in 0..<count { share[index] = processedCount[index] > 0 ? 1 / Double(senders) : 0 }
    case .centre:
      let first = actions.continuousStart[1]
      var sum = 0.0
      for index in 0..<count {
        share[index] = CollectionForm.number(actions.continuous[first + index], in: 0...1)
        sum += share[index]
      }
      for index in 0..<count { share[index] = sum > 0 ? share[index] / sum : 1 / Double(count) }
    }
  }
}
