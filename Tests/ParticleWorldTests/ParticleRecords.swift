import Foundation
import ParticleWorld
import Randomness
import ReinforcementLearning
import Testing

/// One kind of world, with the name of its record file.
struct ParticleCase: CustomTestStringConvertible, Sendable {
  let name: String
  let world: any ParticleEnvironment

  var testDescription: String { name }

  /// The worlds as PettingZoo has them, with discrete and with continuous actions.
  static let defaults = [false, true].flatMap { isContinuous -> [ParticleCase] in
    let suffix = isContinuous ? "continuous" : "discrete"
    return [
      ParticleCase(name: "simple_spread-\(suffix)", world: SimpleSpread(isContinuous: isContinuous)),
      ParticleCase(name: "simple_speaker_listener-\(suffix)", world: SimpleSpeakerListener(isContinuous: isContinuous)),
      ParticleCase(name: "simple_tag-\(suffix)", world: SimpleTag(isContinuous: isContinuous)),
      ParticleCase(name: "simple_adversary-\(suffix)", world: SimpleAdversary(isContinuous: isContinuous)),
    ]
  }

  /// The same with other numbers of bodies.
  static let larger = [
    ParticleCase(name: "simple_spread-6-discrete", world: SimpleSpread(agents: 6)),
    ParticleCase(
      name: "simple_tag-4-2-3-continuous",
      world: SimpleTag(adversaries: 4, agents: 2, obstacles: 3, isContinuous: true)),
    ParticleCase(name: "simple_adversary-3-discrete", world: SimpleAdversary(agents: 3)),
  ]

  /// Both with what the original code pays and in its order of motion.
  static let originals = [
    ParticleCase(name: "original spread", world: SimpleSpread(rewards: .original, order: .original)),
    ParticleCase(
      name: "original speaker and listener",
      world: SimpleSpeakerListener(rewards: .original, isContinuous: true, order: .original)),
    ParticleCase(name: "original tag", world: SimpleTag(order: .original)),
    ParticleCase(name: "original adversary", world: SimpleAdversary(rewards: .original, order: .original)),
  ]

  static let all = defaults + larger + originals
}

/// One step of an episode as it is recorded.
struct RecordedStep {
  var actions: [Float] = []
  var state: ParticleState
  var rewards: [Double] = []
  var observations: [Float] = []
}

/// Reads and writes the records that `Tests/Interoperability/particles.py` describes.
struct ParticleRecords {
  static let steps = 25
  private(set) var bytes: [UInt8]
  private var position = 0

  init() { bytes = [] }

  init(fixture name: String, beside file: String = #filePath) throws {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appending(path: "Fixtures")
    bytes = Array(try Data(contentsOf: folder.appending(path: "\(name).bin")))
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func readStart(like state: ParticleState) -> ParticleState {
    var start = state
    start.positions = state.positions.map { _ in point() }
    start.velocities = state.velocities.map { _ in point() }
    start.landmarks = state.landmarks.map { _ in point() }
    start.goal = Int(double())
    start.words = state.words.map { _ in double() }
    return start
  }

  mutating func readStep(after state: ParticleState, actions: Int, agents: Int, observations: Int) -> RecordedStep {
    var step = RecordedStep(state: state)
    step.actions = (0..<actions).map { _ in float() }
    step.state.positions = state.positions.map { _ in point() }
    step.state.velocities = state.velocities.map { _ in point() }
    step.state.words = state.words.map { _ in double() }
    step.rewards = (0..<agents).map { _ in double() }
    step.observations = (0..<observations).map { _ in float() }
    return step
  }

  mutating func write(start: ParticleState) {
    start.positions.forEach { append($0) }
    start.velocities.forEach { append($0) }
    start.landmarks.forEach { append($0) }
    append(Double(start.goal).bitPattern)
    start.words.forEach { append($0.bitPattern) }
  }

  mutating func write(_ step: RecordedStep) {
    step.actions.forEach { append($0.bitPattern) }
    step.state.positions.forEach { append($0) }
    step.state.velocities.forEach { append($0) }
    step.state.words.forEach { append($0.bitPattern) }
    step.rewards.forEach { append($0.bitPattern) }
    step.observations.forEach { append($0.bitPattern) }
  }

  private mutating func append(_ point: SIMD2<Double>) {
    append(point.x.bitPattern)
    append(point.y.bitPattern)
  }

  private mutating func append<Word: FixedWidthInteger>(_ word: Word) {
    for place in 0..<Word.bitWidth / 8 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * Word(place)))) }
  }

  private mutating func word(bytes count: Int) -> UInt64 {
    defer { position += count }
    return (0..<count).reduce(0) { $0 | UInt64(bytes[position + $1]) << (8 * UInt64($1)) }
  }

  private mutating func double() -> Double { Double(bitPattern: word(bytes: 8)) }

  private mutating func float() -> Float { Float(bitPattern: UInt32(word(bytes: 4))) }

  private mutating func point() -> SIMD2<Double> {
    let x = double()
    return SIMD2(x, double())
  }
}

extension ParticleEnvironment {
  /// All observations, group after group.
  var allObservations: [Float] {
    var values = [Float](repeating: .nan, count: stateCount)
    var span = values.mutableSpan
    state(into: &span)
    return values
  }

  /// A random state with velocities; the bodies stand close where it is crowded.
  func randomState(using stream: inout RandomStream, isCrowded: Bool) -> ParticleState {
    var state = physicalState
    func point(_ bound: Double) -> SIMD2<Double> {
      let x = stream.uniform(in: -bound..<bound)
      return SIMD2(x, stream.uniform(in: -bound..<bound))
    }
    for agent in state.positions.indices {
      state.positions[agent] = point(isCrowded ? 0.25 : 1)
      state.velocities[agent] = setup.agents[agent].push > 0 && !speaks(agent) ? point(1) : .zero
    }
    for landmark in state.landmarks.indices { state.landmarks[landmark] = point(1) }
    if hasGoal { state.goal = stream.integer(below: state.landmarks.count) }
    for word in state.words.indices { state.words[word] = stream.uniform() }
    return state
  }

  var hasGoal: Bool { self is SimpleAdversary || self is SimpleSpeakerListener }

  func speaks(_ agent: Int) -> Bool { self is SimpleSpeakerListener && agent == 0 }

  /// Random actions, in discrete or continuous form.
  func randomize(_ action: inout JointAction, using stream: inout RandomStream, from low: Float = 0, to high: Float = 1)
  {
    for (index, group) in groups.enumerated() {
      let first = action.discreteStart[index]
      for slot in 0..<group.count * group.action.discreteCount {
        action.discrete[first + slot] = Int32(stream.integer(below: group.action.maskCount))
      }
    }
    for index in action.continuous.indices {
      action.continuous[index] = low + (high - low) * Float(stream.uniform())
    }
  }
}
