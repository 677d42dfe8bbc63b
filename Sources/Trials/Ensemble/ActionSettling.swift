import ReinforcementLearning

/// Makes of actions that come from outside what worlds may be given.
///
/// An integer that is no option, or a number that is not finite, is an error and nothing is changed. A number outside
/// its range becomes the range's nearer end. A choice that the mask forbids becomes that of the agent's idle action, and
/// is counted. What is done stands in the frame afterwards. Inactive slots' choices are left alone.
struct ActionSettling: Sendable {
  /// What all agents do when they do nothing.
  let idle: JointAction
  /// The number of options of each integer, for each group.
  private let choices: [[Int]]
  /// The range of each real number, for each group.
  private let ranges: [[ClosedRange<Float>]]
  /// Whether masks may forbid something.
  private let mayForbid: Bool

  init(for world: some Environment, mayForbid: Bool) {
    idle = JointAction(idleIn: world)
    choices = world.groups.map(\.action.choices)
    ranges = world.groups.map(\.action.ranges)
    self.mayForbid = mayForbid
  }

  /// Settles all actions of a frame; does not allocate unless it throws.
  ///
  /// - Returns: how many forbidden choices were replaced.
  func settle(_ frame: inout VectorFrame) throws(Failure) -> Int {
    for group in 0..<choices.count {
      if let place = Self.firstNoOption(frame.groups[group].actions, choices[group]) {
        throw noOption(place, frame.groups[group], choices[group])
      }
      if let place = Self.firstNotFinite(frame.groups[group].continuousActions) {
        throw notFinite(place, frame.groups[group])
      }
    }
    var replaced = 0
    for group in 0..<choices.count {
      if !ranges[group].isEmpty {
        Self.bringIntoRange(&frame.groups[group].continuousActions, ranges[group])
      }
      if mayForbid, !choices[group].isEmpty {
        let slots = frame.groups[group].group.count
        let (masks, active) = (frame.groups[group].masks, frame.groups[group].active)
        replaced += replaceForbidden(&frame.groups[group].actions, masks.span, active.span, group: group, slots: slots)
      }
    }
    return replaced
  }

  private static func firstNoOption(_ actions: [Int32], _ choices: [Int]) -> Int? {
    let values = actions.span
    if choices.count == 1 {
      var greatest: UInt32 = 0
      for place in 0..<values.count { greatest = max(greatest, UInt32(bitPattern: values[place])) }
      if Int(greatest) < choices[0] { return nil }
    }
    var choice = 0
    for place in 0..<values.count {
      if Int(UInt32(bitPattern: values[place])) >= choices[choice] { return place }
      choice = choice + 1 == choices.count ? 0 : choice + 1
    }
    return nil
  }

  private static func firstNotFinite(_ numbers: [Float]) -> Int? {
    let values = numbers.span
    let exponent: UInt32 = 0x7F80_0000
    var greatest: UInt32 = 0
    for place in 0..<values.count { greatest = max(greatest, values[place].bitPattern & exponent) }
    return greatest < exponent ? nil : numbers.firstIndex { !$0.isFinite }
  }

  private static func bringIntoRange(_ numbers: inout [Float], _ ranges: [ClosedRange<Float>]) {
    var values = numbers.mutableSpan
    let (low, high) = (ranges[0].lowerBound, ranges[0].upperBound)
    if ranges.allSatisfy({ $0 == ranges[0] }) {
      for place in 0..<values.count { values[place] = min(max(values[place], low), high) }
      return
    }
    var dimension = 0
    for place in 0..<values.count {
      values[place] = min(max(values[place], ranges[dimension].lowerBound), ranges[dimension].upperBound)
      dimension = dimension + 1 == ranges.count ? 0 : dimension + 1
    }
  }

  private func replaceForbidden(
    _ actions: inout [Int32], _ masks: Span<Bool>, _ active: Span<Bool>, group: Int, slots: Int
  ) -> Int {
    let (counts, integers, start) = (choices[group], idle.discrete, idle.discreteStart[group])
    let choices = counts.span
    let idle = integers.span
    var values = actions.mutableSpan
    var replaced = 0
    var option = 0
    var slot = 0
    for row in 0..<active.count {
      for choice in 0..<choices.count {
        let place = row * choices.count + choice
        let own = idle[start + slot * choices.count + choice]
        if active[row], values[place] != own, !masks[option + Int(values[place])] {
          values[place] = own
          replaced += 1
        }
        option += choices[choice]
      }
      slot = slot + 1 == slots ? 0 : slot + 1
    }
    return replaced
  }

  private func noOption(_ place: Int, _ part: VectorFrame.Group, _ choices: [Int]) -> Failure {
    Failure(
      .usage,
      "\(Self.agent(of: place / choices.count, part)): \(part.actions[place]) is no option; choose from 0 to "
        + "\(choices[place % choices.count] - 1)")
  }

  private func notFinite(_ place: Int, _ part: VectorFrame.Group) -> Failure {
    Failure(
      .usage,
      "\(Self.agent(of: place / part.group.action.continuousCount, part)): \(part.continuousActions[place]) is no "
        + "number that an action can have; write a finite one")
  }

  private static func agent(of row: Int, _ part: VectorFrame.Group) -> String {
    "environment \(row / part.group.count), \(part.group.name) \(row % part.group.count)"
  }
}

extension JointAction {
  /// What all agents of a world do when they do nothing.
  init(idleIn world: some Environment) {
    self.init(for: world.groups)
    var agent = 0
    for (index, group) in world.groups.enumerated() {
      for slot in 0..<group.count {
        let own = world.idleAction(for: agent)
        for (choice, value) in own.discrete.enumerated() {
          discrete[discreteStart[index] + slot * group.action.discreteCount + choice] = value
        }
        for (dimension, value) in own.continuous.enumerated() {
          continuous[continuousStart[index] + slot * group.action.continuousCount + dimension] = value
        }
        agent += 1
      }
    }
  }
}
