public import EdgeCloud

/// The tasks of all agents spread over all computers at once, by entropic optimal transport.
///
/// Sources are the agents that have a task, aᵢ its processor cycles. Sinks are the computers: each agent's device, which
/// can do so many cycles within the task's deadline beside the work that it has; units and cloud, which can do so many
/// within the horizon, the mean deadline of the tasks at hand weighted by their cycles. A sink takes more only at the
/// price ``Settings/overflowCost`` for each unit of load, so that load that fits nowhere has somewhere to go: what a dummy
/// sink would be, without a place of its own. Edges are the options that an agent is permitted, several of which may lead
/// to the same computer. Where uploads share bands, each band is a link that can be used until the next decision, of which
/// an option takes the part that its upload would take if as many others sent as in the last slot. The row of an agent
/// over its mass is the probability of each option.
///
/// The cost of an option is w_T ℓ/T + w_E e/E₀, with the latency ℓ in units of the deadline T (in seconds where there is
/// none) and the energy e in units of the world's reference; or, without weights, what the world itself counts. Both are
/// predicted from what agents observe, as greedy rules predict them. Where nothing is full the row is the softmax of
/// −cost/ε; a computer that fills up gets a price that all see at once.
///
/// After D. Gan, X. Ge, Q. Li, "An optimal transport-based federated reinforcement learning approach for resource
/// allocation in cloud–edge collaborative IoT", IEEE IoT Journal, 2024, doi 10.1109/JIOT.2023.3292368, from what is known
/// of it in public: it allocates bandwidth and computing.
public struct TransportAllocation: Sendable {
  /// What decides an allocation.
  public struct Settings: Sendable, Equatable {
    /// w_T and w_E; nil for the world's own measure.
    public var weights: Weights?
    /// ε, in the unit of costs.
    public var regularization: Double
    /// What load beyond a computer's capacity costs in addition.
    public var overflowCost: Double

    /// Settings by their parts; those of the rule by default.
    public init(weights: Weights? = nil, regularization: Double = 0.05, overflowCost: Double = 1) {
      self.weights = weights
      self.regularization = regularization
      self.overflowCost = overflowCost
    }
  }

  /// How latency and energy count.
  public struct Weights: Sendable, Equatable {
    /// w_T.
    public var latency: Double
    /// w_E.
    public var energy: Double

    /// Weights by their values.
    public init(latency: Double, energy: Double) {
      self.latency = latency
      self.energy = energy
    }
  }

  /// The greatest relative error of what arrives at a full computer.
  private static let tolerance = 5e-3
  /// Beyond this an allocation is taken as it is; rows sum to one all the same.
  private static let iterationLimit = 500

  /// What decides.
  public let settings: Settings
  /// Of each agent's options, `[agents, options]`; zeros for agents without a task or without a permitted option.
  public private(set) var probabilities: [Double]
  private var transport: EntropicTransport
  /// The place in ``probabilities`` of each edge.
  private var places: [Int32] = []
  /// The mass of the edge's source.
  private var masses: [Double] = []

  /// An allocation for worlds like the given one.
  public init<View: ComputingView>(_ settings: Settings, for view: borrowing View) {
    self.settings = settings
    transport = EntropicTransport(regularization: settings.regularization)
    let (agents, options) = (view.deciderCount, view.options.count)
    probabilities = [Double](repeating: 0, count: agents * options)
    transport.reserve(
      sources: agents, sinks: agents + view.computerCount, links: view.bandCount,
      edges: agents * options)
    places.reserveCapacity(agents * options)
    masses.reserveCapacity(agents * options)
  }

  /// Spreads the tasks that are to be placed now.
  public mutating func allocate<View: ComputingView>(in view: borrowing View) {
    pose(in: view)
    transport.solve(tolerance: Self.tolerance, iterations: Self.iterationLimit)
    for place in 0..<probabilities.count { probabilities[place] = 0 }
    for edge in 0..<places.count { probabilities[Int(places[edge])] = transport.plan[edge] / masses[edge] }
  }

  /// Writes down sources, sinks and edges.
  private mutating func pose<View: ComputingView>(in view: borrowing View) {
    transport.clear()
    places.removeAll(keepingCapacity: true)
    masses.removeAll(keepingCapacity: true)
    let horizon_s = Self.horizon_s(in: view)
    let computers = view.computerCount
    for computer in 0..<computers {
      let free = horizon_s < .infinity ? view.freeCycles(at: computer, within: horizon_s) : .infinity
      transport.add(.atMost(max(0, free), price: settings.overflowCost))
    }
    for agent in 0..<view.deciderCount {
      let deadline_s = view.deadline_s(for: agent)
      let isBounded = view.isDeciding(agent) && deadline_s < .infinity
      let free = isBounded ? view.freeDeviceCycles(for: agent, within: deadline_s) : .infinity
      transport.add(.atMost(max(0, free), price: settings.overflowCost))
    }
    for _ in 0..<view.bandCount { transport.addLink(capacity: view.bandTime_s) }
    let options = view.options
    for agent in 0..<view.deciderCount where view.isDeciding(agent) {
      // A task without work still has to be somewhere.
      let mass = max(view.cycles(for: agent), 1)
      transport.addSource(mass: mass)
      for option in 0..<options.count where view.isPermitted(option, for: agent) {
        let cost = cost(of: option, for: agent, in: view)
        let band = view.band(of: option, for: agent)
        let airtime_s = band == nil ? 0 : view.airtime_s(of: option, for: agent)
        guard options[option].place != .none, cost.isFinite, airtime_s.isFinite else { continue }
        transport.addEdge(
          to: view.computer(of: option, for: agent) ?? computers + agent, cost: cost, over: band, use: airtime_s / mass)
        places.append(Int32(agent * options.count + option))
        masses.append(mass)
      }
    }
  }

  private func cost<View: ComputingView>(of option: Int, for agent: Int, in view: borrowing View) -> Double {
    guard let weights = settings.weights else { return view.predictedCost(of: option, for: agent, from: .observation) }
    let deadline_s = view.deadline_s(for: agent)
    let latency = view.predictedLatency_s(of: option, for: agent, from: .observation)
    let energy = view.predictedEnergy_J(of: option, for: agent, from: .observation)
    return weights.latency * latency / (deadline_s < .infinity ? deadline_s : 1)
      + weights.energy * energy / view.energyReference_J
  }

  /// The mean deadline of the tasks at hand, weighted by their cycles; infinite where none has one.
  private static func horizon_s<View: ComputingView>(in view: borrowing View) -> Double {
    var (sum, total) = (0.0, 0.0)
    for agent in 0..<view.deciderCount where view.isDeciding(agent) {
      let deadline_s = view.deadline_s(for: agent)
      guard deadline_s < .infinity else { continue }
      let cycles = max(view.cycles(for: agent), 1)
      sum += cycles * deadline_s
      total += cycles
    }
    return total > 0 ? sum / total : .infinity
  }
}
