import Policies

/// The agents' parts of drawn transitions, and what a joint critic reads of them.
struct PreparedBatch: Sendable {
  /// A part for each set of parameters, in the order of the world.
  var agents: [AgentBatch]
  /// The rows of the present and of the next moment; empty where no critic is joint.
  var joint: [JointRows]

  init(_ agents: [AgentBatch], _ recipe: MADDPGConfiguration) {
    self.agents = agents
    joint = recipe.critic == .joint ? [JointRows(.present, among: agents), JointRows(.next, among: agents)] : []
  }

  /// The part of a set of parameters.
  func index(of place: Place) -> Int? { agents.firstIndex { $0.place == place } }

  /// The joint rows of a moment.
  subscript(moment: Moment) -> JointRows { joint[moment == .present ? 0 : 1] }
}

/// Which observations and actions are read.
enum Moment: Sendable {
  /// What was seen and done.
  case present
  /// What was seen afterwards and what the target actors do there.
  case next
}

/// A row for each transition: the observations of all agents, then the actions of all, in the order of the world.
/// Agents who are not there are zeros.
struct JointRows: Sendable {
  let moment: Moment
  /// The number of values of a row.
  let width: Int
  /// The rows.
  private(set) var values: [Float]

  init(_ moment: Moment, among agents: [AgentBatch]) {
    self.moment = moment
    width = agents.reduce(0) { $0 + $1.place.slots.count * ($1.observationCount + $1.outputs.count) }
    values = [Float](repeating: 0, count: width * (agents.first?.size ?? 0))
  }

  /// Reads what the agents' parts hold now.
  mutating func load(_ agents: [AgentBatch]) {
    var offset = 0
    for agent in agents {
      let part = agent.observed(moment)
      offset = Self.copy(part.values, agent.observationCount, agent, part.active, to: offset, width, &values)
    }
    for agent in agents {
      let part = agent.done(moment)
      offset = Self.copy(part.values, agent.outputs.count, agent, part.active, to: offset, width, &values)
    }
  }

  /// Copies some values of every agent of a part; returns where the next begin.
  @inline(never)
  static func copy(
    _ values: [Float], _ count: Int, _ part: AgentBatch, _ active: [Float]?, to offset: Int, _ width: Int,
    _ rows: inout [Float]
  ) -> Int {
    let source = values.span
    let size = part.size
    var target = rows.mutableSpan
    for agent in 0..<part.place.slots.count {
      let column = offset + agent * count
      for row in 0..<size {
        let from = source.extracting((agent * size + row) * count..<(agent * size + row + 1) * count)
        var to = target._mutatingExtracting(row * width + column..<row * width + column + count)
        if let active, active[agent * size + row] == 0 {
          for index in 0..<count { to[index] = 0 }
        } else {
          for index in 0..<count { to[index] = from[index] }
        }
      }
    }
    return offset + part.place.slots.count * count
  }
}

extension AgentBatch {
  /// The observations of a moment, and who is there; nil where all are.
  func observed(_ moment: Moment) -> (values: [Float], active: [Float]?) {
    switch moment {
    case .present: (observations, isFull ? nil : active)
    case .next: (nextObservations, isNextFull ? nil : nextActive)
    }
  }

  /// The actions of a moment, and who is there; nil where all are.
  func done(_ moment: Moment) -> (values: [Float], active: [Float]?) {
    switch moment {
    case .present: (actions, isFull ? nil : active)
    case .next: (next.actions, isNextFull ? nil : nextActive)
    }
  }
}
