public import EdgeCloud
public import ReinforcementLearning

/// What each integer of an action means, in a fixed order:
/// none; device at full speed; device at the deadline's speed; then for each rank of units in reach, the strongest
/// first, edge and cloud.
///
/// Rules choose among options, in which every upload is there at every power from the lowest up. Discrete actions have
/// an integer for each option. Hybrid actions have one for each place, and the transmit power in dBm is a real number
/// between the lowest and the highest. Continuous actions have a score in −1 ... 1 for each place but none, and the
/// power: of the places that are permitted the one with the greatest score is taken, the first of equals, and none if
/// no score exceeds −1.
struct OffloadingActions: Sendable {
  /// The meaning of one option.
  enum Meaning: Sendable, Equatable {
    case none
    case device(economical: Bool)
    case upload(rank: Int, toCloud: Bool, power: Int)
  }

  /// A power that uploads are sent with.
  struct Power: Sendable, Equatable {
    let level_dBm: Double
    let power_W: Double

    init(level_dBm: Double) {
      self.level_dBm = level_dBm
      power_W = Watts(DecibelMilliwatts(level_dBm)).value
    }
  }

  /// For each option.
  let meanings: [Meaning]
  let options: [OffloadingOption]
  let decisions: [OffloadingDecision]
  /// The first option of each integer: of an upload with hybrid actions, that of the lowest power.
  let firstOptions: [Int]
  /// For each integer: −1 if it is for who has no task, else how many units must be in reach of who has one.
  let needs: [Int32]
  /// The powers to choose from, rising.
  let powers: [Power]
  let space: ActionSpace

  init(_ kind: VehicularParameters.Actions, choices: Int, powers_dBm: [Double]) {
    let lowest = Float(powers_dBm[0])
    let hasLevels = kind == .discrete
    var meanings: [Meaning] = []
    var levels_dBm: [Float] = []
    var firstOptions: [Int] = []
    var labels: [String] = []
    var integers: [Int] = []
    func add(_ meaning: Meaning, _ label: String, level_dBm: Float? = nil) {
      if labels.last != label {
        labels.append(label)
        firstOptions.append(meanings.count)
      }
      meanings.append(meaning)
      levels_dBm.append(level_dBm ?? lowest)
      integers.append(labels.count - 1)
    }
    add(.none, "none")
    add(.device(economical: false), "device at full speed")
    add(.device(economical: true), "device at the deadline's speed")
    for rank in 0..<choices {
      for toCloud in [false, true] {
        let place = "\(toCloud ? "cloud through unit" : "edge unit") \(rank + 1)"
        for (power, level) in powers_dBm.enumerated() {
          add(
            .upload(rank: rank, toCloud: toCloud, power: power),
            hasLevels ? "\(place) at \(OffloadingActions.short(level)) dBm" : place, level_dBm: Float(level))
        }
      }
    }
    self.meanings = meanings
    let places = labels.count
    decisions = meanings.indices.map { option in
      let integer = Int32(integers[option])
      switch kind {
      case .discrete: return OffloadingDecision(choice: integer)
      case .hybrid: return OffloadingDecision(choice: integer, numbers: [levels_dBm[option]])
      case .continuous:
        let scores = (1..<places).map { $0 == integers[option] ? Float(1) : -1 }
        return OffloadingDecision(choice: nil, numbers: scores + [levels_dBm[option]])
      }
    }
    self.firstOptions = firstOptions
    needs = firstOptions.map { option in
      switch meanings[option] {
      case .none: -1
      case .device: 0
      case .upload(let rank, _, _): Int32(rank + 1)
      }
    }
    powers = powers_dBm.map { Power(level_dBm: $0) }
    let range = lowest...Float(powers_dBm[powers_dBm.count - 1])
    space =
      switch kind {
      case .discrete: .discrete(labels: labels)
      case .hybrid: .hybrid(labels: labels, box: [range])
      case .continuous: .box([ClosedRange<Float>](repeating: -1...1, count: places - 1) + [range])
      }
    options = meanings.map { meaning in
      switch meaning {
      case .none: OffloadingOption(place: .none, isFullEffort: false)
      case .device(let economical): OffloadingOption(place: .device, isFullEffort: !economical)
      case .upload(let rank, let toCloud, let power):
        OffloadingOption(
          place: toCloud ? .cloud(rank: rank) : .edge(rank: rank), isFullEffort: power == powers_dBm.count - 1)
      }
    }
  }

  private static func short(_ number: Double) -> String {
    number == number.rounded() ? "\(Int(number))" : "\(number)"
  }

  /// What an integer means; an integer that means nothing is none.
  func meaning(of choice: Int) -> Meaning {
    firstOptions.indices.contains(choice) ? meanings[firstOptions[choice]] : .none
  }

  /// The power that a number asks for: beyond the range its nearer end; nil for what is not a number.
  ///
  /// A number that is one of ``powers`` to single precision is that power exactly.
  func power(_ level_dBm: Float) -> Power? {
    if level_dBm.isNaN { return nil }
    for power in powers where Float(power.level_dBm) == level_dBm { return power }
    let last = powers.count - 1
    let level = Double(level_dBm)
    if level <= powers[0].level_dBm { return powers[0] }
    if level >= powers[last].level_dBm { return powers[last] }
    return Power(level_dBm: level)
  }
}

extension VehicularOffloading {
  public func decision(for option: Int) -> OffloadingDecision { actions.decisions[option] }

  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    if parameters.actions == .continuous { return }
    let needs = actions.needs.span
    let waiting = waiting.span
    let choices = choices.span
    let ranks = parameters.units.choices
    for slot in 0..<waiting.count {
      var reached: Int32 = -1
      if waiting[slot] != nil {
        reached = 0
        while reached < Int32(ranks), choices[slot * ranks + Int(reached)].unit >= 0 { reached += 1 }
      }
      let least: Int32 = reached < 0 ? -1 : 0
      var row = mask._mutatingExtracting(slot * needs.count..<(slot + 1) * needs.count)
      for choice in 0..<row.count { row[choice] = needs[choice] >= least && needs[choice] <= reached }
    }
  }

  /// Doing nothing: a task at hand is then dropped and counts as missed.
  public func idleAction(for agent: Int) -> AgentAction {
    let idle = actions.decisions[0]
    return AgentAction(discrete: idle.choice.map { [$0] } ?? [], continuous: idle.numbers)
  }

  /// The integer of the place that a slot's action says.
  func choice(of slot: Int, in joint: borrowing JointAction) -> Int {
    guard parameters.actions == .continuous else { return Int(joint.discrete[slot]) }
    let first = slot * actions.firstOptions.count
    var best = 0
    var greatest: Float = -1
    for place in 1..<actions.firstOptions.count where isPermitted(actions.firstOptions[place], for: slot) {
      let score = joint.continuous[first + place - 1]
      if score > greatest { (best, greatest) = (place, score) }
    }
    return best
  }

  /// The power that a slot's upload of the given meaning is sent with; nil if its number is none.
  func power(of slot: Int, level: Int, in joint: borrowing JointAction) -> OffloadingActions.Power? {
    switch parameters.actions {
    case .discrete: actions.powers[level]
    case .hybrid: actions.power(joint.continuous[slot])
    case .continuous: actions.power(joint.continuous[(slot + 1) * actions.firstOptions.count - 1])
    }
  }
}
