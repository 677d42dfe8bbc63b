import EdgeCloud
import Glibc
import Randomness

/// Who is served by which node in a slot, and what the air gives each.
///
/// A vehicle belongs to the nearest node if that hears it; a node serves its nearest vehicles. All that have a task
/// send at once on the same band. With g = fading · max(d, nearest)^−α and the vehicles of a node in falling order of
/// g (the lower rank first of equals), the node decodes one after the other and takes each away from what is left
/// (NOMA with successive interference cancellation), so that
/// ```
/// SINR_k = p_k g_k / (Σ weaker of the same node p_j g_j + Σ vehicles of other nodes p_j g_j + N),
/// rate_k = B log₂(1 + SINR_k)
/// ```
/// A node's budget P is first split equally; from the SINRs of that split each gets p_k = P w_k / Σ w with
/// w = SINR/(1 + SINR), the closed form of the source, once.
///
/// Nothing here depends on what is decided. Source: X. Xu et al., Journal of Systems Architecture 134 (2023) 102780.
struct RoadsideUplink: Sendable {
  /// A vehicle at a node.
  struct Member: Sendable, Equatable {
    /// −1 where the node serves fewer.
    var vehicle: Int32 = -1
    var x_m = 0.0
    var y_m = 0.0
    var distance_m = 0.0
    var task: ComputeTask?
    /// The fading and the power gain at its own node.
    var fading = 0.0
    var gain = 0.0
    var power_W = 0.0
    /// What the weaker of its node and the vehicles of others disturb.
    var ownInterference_W = 0.0
    var otherInterference_W = 0.0
    var sinr = 0.0
    var rate_bps = 0.0
  }

  /// [nodes × vehicles], the nearest first.
  private(set) var members: [Member]
  /// Vehicles that no node serves.
  private(set) var unserved = 0

  private let radio: RoadsideParameters.Radio
  private let nodes: RoadsideParameters.Nodes
  /// Power gain of each member to each node, [nodes × vehicles × nodes].
  private var gains: [Double]
  /// Interference of other nodes' vehicles at each node.
  private var foreign_W: [Double]

  init(_ parameters: RoadsideParameters) {
    radio = parameters.radio
    nodes = parameters.nodes
    let count = nodes.positions_m.count
    members = [Member](repeating: Member(), count: count * nodes.vehicles)
    gains = [Double](repeating: 0, count: members.count * count)
    foreign_W = [Double](repeating: 0, count: count)
  }

  /// The mean power gain at a distance, without fading.
  func meanGain(distance_m: Double) -> Double {
    radio.fadingMean * pow(max(distance_m, radio.nearest_m), -radio.pathLossExponent)
  }

  /// Shannon's rate over the band.
  func rate_bps(sinr: Double) -> Double { radio.bandwidth_Hz * log1p(sinr) * (1 / M_LN2) }

  /// Finds who is served, with which task, and what the air gives.
  mutating func refresh(plan: MobilityPlan, step: Int, tasks: TaskProcess, world: WorldDraws) {
    for index in members.indices { members[index] = Member() }
    unserved = 0
    for vehicle in 0..<plan.slots where !admit(vehicle, plan: plan, step: step) { unserved += 1 }
    for index in members.indices where members[index].vehicle >= 0 {
      members[index].task = tasks.task(in: world, device: UInt64(members[index].vehicle), slot: step)
    }
    drawGains(step: step, world: world)
    for index in members.indices where members[index].task != nil {
      let node = index / nodes.vehicles
      members[index].power_W = radio.power_W / Double(senders(of: node))
    }
    listen()
    share()
    listen()
    for index in members.indices where members[index].task != nil {
      members[index].rate_bps = rate_bps(sinr: members[index].sinr)
    }
  }

  /// Puts a vehicle among those of the nearest node, in the order of distance; false if it finds no place. Who loses a
  /// place to a nearer one is unserved as well.
  private mutating func admit(_ vehicle: Int, plan: MobilityPlan, step: Int) -> Bool {
    let here = plan.index(instant: step, slot: vehicle)
    guard plan.occupant[here] >= 0 else { return false }
    var nearest = -1
    var distance = Double.infinity
    for node in nodes.positions_m.indices {
      let dx = plan.x_m[here] - nodes.positions_m[node].x
      let dy = plan.y_m[here] - nodes.positions_m[node].y
      let away = (dx * dx + dy * dy).squareRoot()
      if away < distance { (nearest, distance) = (node, away) }
    }
    guard distance <= nodes.radius_m else { return false }
    var moving = Member(
      vehicle: Int32(plan.entity[Int(plan.occupant[here])]), x_m: plan.x_m[here], y_m: plan.y_m[here],
      distance_m: distance)
    for index in nearest * nodes.vehicles..<(nearest + 1) * nodes.vehicles {
      if members[index].vehicle < 0 {
        members[index] = moving
        return true
      }
      if moving.distance_m < members[index].distance_m { swap(&moving, &members[index]) }
    }
    return false
  }

  private mutating func drawGains(step: Int, world: WorldDraws) {
    let count = nodes.positions_m.count
    for index in members.indices where members[index].task != nil {
      for node in 0..<count {
        let entity = UInt64(members[index].vehicle) &* 64 &+ UInt64(node)
        let z = world.normal(.roadsideFading, entity: entity, time: UInt64(step))
        let fading = max(0, radio.fadingMean + radio.fadingDeviation * z)
        let dx = members[index].x_m - nodes.positions_m[node].x
        let dy = members[index].y_m - nodes.positions_m[node].y
        let distance = max((dx * dx + dy * dy).squareRoot(), radio.nearest_m)
        gains[index * count + node] = fading * pow(distance, -radio.pathLossExponent)
        if node == index / nodes.vehicles {
          members[index].fading = fading
          members[index].gain = gains[index * count + node]
        }
      }
    }
  }

  private func senders(of node: Int) -> Int {
    var count = 0
    for index in node * nodes.vehicles..<(node + 1) * nodes.vehicles where members[index].task != nil { count += 1 }
    return count
  }

  /// The interference and SINR of everybody at the present powers.
  private mutating func listen() {
    let count = nodes.positions_m.count
    for node in 0..<count { foreign_W[node] = 0 }
    for index in members.indices where members[index].task != nil {
      for node in 0..<count where node != index / nodes.vehicles {
        foreign_W[node] += members[index].power_W * gains[index * count + node]
      }
    }
    for index in members.indices where members[index].task != nil {
      let node = index / nodes.vehicles
      var weaker = 0.0
      for other in node * nodes.vehicles..<(node + 1) * nodes.vehicles
      where other != index && members[other].task != nil {
        let isWeaker =
          members[other].gain < members[index].gain || members[other].gain == members[index].gain && other > index
        if isWeaker { weaker += members[other].power_W * members[other].gain }
      }
      members[index].ownInterference_W = weaker
      members[index].otherInterference_W = foreign_W[node]
      members[index].sinr = Link.sinr(
        signal_W: members[index].power_W * members[index].gain, interference_W: weaker + foreign_W[node],
        noise_W: radio.noise_W)
    }
  }

  /// Splits each node's budget by SINR/(1 + SINR); equally where nobody is heard.
  private mutating func share() {
    for node in nodes.positions_m.indices {
      let range = node * nodes.vehicles..<(node + 1) * nodes.vehicles
      var total = 0.0
      for index in range where members[index].task != nil { total += members[index].sinr / (1 + members[index].sinr) }
      if total <= 0 { continue }
      for index in range where members[index].task != nil {
        members[index].power_W = radio.power_W * (members[index].sinr / (1 + members[index].sinr)) / total
      }
    }
  }

  /// Becomes a copy without allocating.
  mutating func assign(from other: RoadsideUplink) {
    for index in members.indices { members[index] = other.members[index] }
    unserved = other.unserved
  }
}

extension WorldDraws.Purpose {
  /// Fading of the link from a vehicle to a node; entity: vehicle · 64 + node, time: the slot.
  static let roadsideFading = WorldDraws.Purpose(rawValue: 0x120)
  /// The clock of a road-side node; entity: the node.
  static let roadsideClock = WorldDraws.Purpose(rawValue: 0x121)
}
