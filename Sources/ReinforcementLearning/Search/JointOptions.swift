/// All that the agents of a world may decide together at one moment, as variables with a few options each.
///
/// Every integer of an agent's action is a variable whose options are those that the mask permits. Every real number
/// is a variable with some levels, spread evenly over its range with both ends among them (a single level is the
/// middle). Agents that are absent do what ``Environment/idleAction(for:)`` says and have no options. The joint actions
/// are the product of all variables' options.
///
///     var options = JointOptions(for: world, levels: 3)
///     options.read(world)
///     options.set(0, to: 2, in: &action)
public struct JointOptions: Sendable {
  /// One number of a joint action.
  private struct Variable: Sendable {
    var agent: Int
    /// Where the number stands among the action's integers, or among its real numbers.
    var place: Int
    var isReal: Bool
    /// Where its options begin in ``JointOptions/integers`` or ``JointOptions/reals``.
    var first: Int
    /// All options, permitted or not.
    var capacity: Int
    /// Options permitted now.
    var count: Int
  }

  private let groups: [AgentGroup]
  private var variables: [Variable] = []
  /// The permitted options of each integer.
  private var integers: [Int32] = []
  /// The levels of each real number.
  private var reals: [Float] = []
  private var mask: [Bool]
  private var active: [Bool]

  /// The options of worlds like the given one, before any is read.
  ///
  /// - Parameter levels: into how many levels a range of real numbers is divided.
  public init<World: Environment>(for world: borrowing World, levels: Int = 3) {
    precondition(levels >= 1, "a range needs at least one level, not \(levels)")
    groups = world.groups
    mask = [Bool](repeating: true, count: groups.map { $0.count * $0.action.maskCount }.max() ?? 0)
    active = [Bool](repeating: true, count: groups.map(\.count).max() ?? 0)
    let places = JointAction(for: groups)
    var agent = 0
    for (index, group) in groups.enumerated() {
      for slot in 0..<group.count {
        let integer = places.discreteStart[index] + slot * group.action.discreteCount
        for (choice, count) in group.action.choices.enumerated() {
          variables.append(
            Variable(
              agent: agent, place: integer + choice, isReal: false, first: integers.count, capacity: count, count: 0))
          integers += (0..<Int32(count))
        }
        let real = places.continuousStart[index] + slot * group.action.continuousCount
        for (dimension, range) in group.action.ranges.enumerated() {
          variables.append(
            Variable(
              agent: agent, place: real + dimension, isReal: true, first: reals.count, capacity: levels, count: 0))
          reals += Self.levels(levels, of: range)
        }
        agent += 1
      }
    }
  }

  private static func levels(_ count: Int, of range: ClosedRange<Float>) -> [Float] {
    if count == 1 { return [(range.lowerBound + range.upperBound) / 2] }
    return (0..<count).map { level in
      level == count - 1
        ? range.upperBound
        : range.lowerBound + (range.upperBound - range.lowerBound) * Float(level) / Float(count - 1)
    }
  }

  /// The number of variables: every integer and every real number of a joint action, agent after agent.
  public var variableCount: Int { variables.count }

  /// Whose decision a variable belongs to.
  public func agent(of variable: Int) -> Int { variables[variable].agent }

  /// How many options a variable has now; 0 for those of absent agents.
  public func optionCount(of variable: Int) -> Int { variables[variable].count }

  /// The number of joint actions, or nil if it is greater than a limit.
  public func combinations(upTo limit: Int) -> Int? {
    var product = 1
    for variable in variables where variable.count > 1 {
      let (next, isTooGreat) = product.multipliedReportingOverflow(by: variable.count)
      if isTooGreat || next > limit { return nil }
      product = next
    }
    return product <= limit ? product : nil
  }

  /// Finds out who is there and what is permitted now.
  public mutating func read<World: Environment>(_ world: borrowing World) {
    var variable = 0
    for (index, group) in groups.enumerated() {
      let width = group.action.maskCount
      do {
        var allMask = mask.mutableSpan
        var part = allMask._mutatingExtracting(0..<group.count * width)
        if width > 0 { world.writeActionMask(group: index, into: &part) }
        var allActive = active.mutableSpan
        var present = allActive._mutatingExtracting(0..<group.count)
        world.writeActive(group: index, into: &present)
      }
      for slot in 0..<group.count {
        var option = slot * width
        for _ in 0..<group.action.discreteCount {
          readInteger(variable, from: option, isPresent: active[slot])
          option += variables[variable].capacity
          variable += 1
        }
        for _ in 0..<group.action.continuousCount {
          variables[variable].count = active[slot] ? variables[variable].capacity : 0
          variable += 1
        }
      }
    }
  }

  private mutating func readInteger(_ variable: Int, from start: Int, isPresent: Bool) {
    let first = variables[variable].first
    var count = 0
    if isPresent {
      for option in 0..<variables[variable].capacity where mask[start + option] {
        integers[first + count] = Int32(option)
        count += 1
      }
    }
    variables[variable].count = count
  }

  /// Sets a variable to one of its present options, counted from 0; of absent agents nothing is set.
  public func set(_ variable: Int, to option: Int, in action: inout JointAction) {
    let it = variables[variable]
    if it.count == 0 { return }
    precondition((0..<it.count).contains(option), "option \(option) of \(it.count)")
    if it.isReal {
      action.continuous[it.place] = reals[it.first + option]
    } else {
      action.discrete[it.place] = integers[it.first + option]
    }
  }

  /// The option at which a variable stands in an action, or nil if it stands at none.
  public func option(of variable: Int, in action: borrowing JointAction) -> Int? {
    let it = variables[variable]
    for option in 0..<it.count {
      if it.isReal
        ? action.continuous[it.place] == reals[it.first + option]
        : action.discrete[it.place] == integers[it.first + option]
      {
        return option
      }
    }
    return nil
  }

  /// The option nearest to where a variable stands in an action: the level nearest to a real number, the option of an
  /// integer, the first where that is not permitted.
  public func nearestOption(of variable: Int, in action: borrowing JointAction) -> Int {
    let it = variables[variable]
    guard it.isReal else { return option(of: variable, in: action) ?? 0 }
    var nearest = 0
    var least = Float.infinity
    for option in 0..<it.count {
      let distance = (action.continuous[it.place] - reals[it.first + option]).magnitude
      if distance < least { (nearest, least) = (option, distance) }
    }
    return nearest
  }

  /// Sets every variable to its first option, and absent agents to what they do when they do nothing.
  public func begin<World: Environment>(_ action: inout JointAction, in world: borrowing World) {
    var agent = 0
    for (index, group) in groups.enumerated() {
      for slot in 0..<group.count {
        let idle = world.idleAction(for: agent)
        let integers = action.discreteStart[index] + slot * group.action.discreteCount
        for (choice, value) in idle.discrete.enumerated() { action.discrete[integers + choice] = value }
        let reals = action.continuousStart[index] + slot * group.action.continuousCount
        for (dimension, value) in idle.continuous.enumerated() { action.continuous[reals + dimension] = value }
        agent += 1
      }
    }
    for variable in 0..<variables.count { set(variable, to: 0, in: &action) }
  }

  /// Goes on to the next joint action in the order of a counter whose last variable runs fastest; false, with all
  /// variables back at their first options, after the last.
  public func advance(_ choice: inout [Int], _ action: inout JointAction) -> Bool {
    for variable in stride(from: variables.count - 1, through: 0, by: -1) where variables[variable].count > 1 {
      choice[variable] += 1
      if choice[variable] < variables[variable].count {
        set(variable, to: choice[variable], in: &action)
        return true
      }
      choice[variable] = 0
      set(variable, to: 0, in: &action)
    }
    return false
  }
}
