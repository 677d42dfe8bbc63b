import EdgeCloud
import Glibc
public import ReinforcementLearning

/// A rule for a whole hall: how strongly loops send, and where tasks run.
public struct HallRule: Controller {
  public typealias World = IndustrialHall

  /// How loops choose copies and power.
  public enum Robustness: Sendable, Equatable {
    /// The setting of least expected cost: outages at the rate of independent losses, energy, and a price on blocks
    /// that rises while loops take more than 35 % of the pool and falls while they take less (a dual ascent).
    case priced
    /// The setting of least expected cost to the loop itself: the same without a price.
    case selfish
    /// The fewest copies at the lowest power.
    case least
    /// The most copies at the highest power.
    case most
  }

  /// How tasks are placed.
  public enum Placement: Sendable, Equatable {
    /// On the device at full speed.
    case local
    /// At the server that the device belongs to: its number modulo the servers.
    case edge
    /// In the cloud.
    case cloud
    /// Device, servers and cloud in turn.
    case roundRobin
    /// At the server that is free first.
    case leastLoaded
    /// Where the task is predicted to be done first, as if nobody else decided now.
    case earliestFinish
    /// The same one device after another, the earliest deadline first, each knowing what those before it chose.
    case earliestDeadlineFirst
    /// Where it costs the device least energy among the places predicted to meet the deadline; on the device at the
    /// clock C / (deadline − waiting). The earliest finish if none meets it.
    case leastEnergy
  }

  private let robustness: Robustness
  private let placement: Placement
  private var turns: [Int]
  private var order: [Int]
  /// What those that decided before add to the waits.
  private var planned: Planned
  /// The price of the whole pool.
  private var price = 0.0

  private struct Planned: Sendable {
    var uplink_s = 0.0
    /// Servers, then the cloud.
    var places_s: [Double]
  }

  /// A rule for halls like the given one.
  public init(_ placement: Placement, robustness: Robustness = .priced, for world: IndustrialHall) {
    self.placement = placement
    self.robustness = robustness
    turns = [Int](repeating: 0, count: world.jobs.devices)
    order = Array(0..<world.jobs.devices)
    planned = Planned(places_s: [Double](repeating: 0, count: world.actions.places - 1))
  }

  public mutating func begin(seed: UInt64) {
    for device in turns.indices { turns[device] = device }
    price = 0
  }

  public mutating func act(in world: borrowing IndustrialHall, _ action: inout JointAction) {
    if robustness == .priced {
      price = max(0, price + 0.2 * (world.reservedShare - 0.35))
    }
    planned.uplink_s = 0
    for place in planned.places_s.indices { planned.places_s[place] = 0 }
    if placement == .earliestDeadlineFirst {
      for device in order.indices { order[device] = device }
      order.sort { (world.deadline_s($0), $0) < (world.deadline_s($1), $1) }
    }
    for device in order where world.ready[device] >= 0 || device < world.parameters.robots.count {
      var decision = HallActions.Decision()
      if device < world.parameters.robots.count {
        decision = setting(of: world.firstComputing + device, in: world, powers: [world.actions.strongest_dBm])
      }
      if world.ready[device] >= 0 { choose(for: device, in: world, &decision) }
      write(decision, of: world.firstComputing + device, in: world, &action)
    }
    for device in order where world.ready[device] < 0 && device >= world.parameters.robots.count {
      write(HallActions.Decision(), of: world.firstComputing + device, in: world, &action)
    }
    for loop in 0..<world.firstComputing {
      write(setting(of: loop, in: world, powers: world.actions.powers_dBm), of: loop, in: world, &action)
    }
  }

  private func write(
    _ decision: HallActions.Decision, of agent: Int, in world: borrowing IndustrialHall, _ action: inout JointAction
  ) {
    var group = world.roles.count - 1
    var first = world.rows.count - world.groups[group].count
    while agent < first {
      group -= 1
      first -= world.groups[group].count
    }
    let space = world.groups[group].action
    world.actions.write(
      decision, of: world.roles[group], into: &action,
      integer: action.discreteStart[group] + (agent - first) * space.discreteCount,
      real: action.continuousStart[group] + (agent - first) * space.continuousCount)
  }

  /// The setting of a loop.
  private func setting(
    of loop: Int, in world: borrowing IndustrialHall, powers: [Double]
  ) -> HallActions.Decision {
    let copies = world.actions.copies
    var best = HallActions.Decision(copies: copies[0], power_dBm: powers[0])
    switch robustness {
    case .least: return best
    case .most:
      best.copies = copies[copies.count - 1]
      best.power_dBm = powers[powers.count - 1]
      return best
    case .priced, .selfish: break
    }
    let kind = world.kindOf[loop]
    let plan = world.loopPlans[kind]
    let reward = world.parameters.reward
    var least = Double.infinity
    for power in powers {
      let snr = world.radio.snr_dB(kind: kind, power_dBm: power, gain_dB: world.links.gain_dB[loop])
      let joules = exp((power - 30) * (0.1 * M_LN10)) * world.parameters.radio.slot_s
      for count in copies {
        let loss = world.radio.lossProbability(
          kind: kind, isClear: world.links.isClear[loop], snr_dB: snr, copies: count)
        let messages = plan.messagesPerStep > 0 ? Double(plan.messagesPerStep) : 1 / Double(plan.stepsPerMessage)
        let cost =
          reward.outageWeight * min(messages, 1) * pow(loss, Double(plan.survival.intervals + 1))
          + reward.energyWeight * joules * Double(count) * messages / reward.energyReference_J
          + price * Double(count * plan.blocks) * messages / Double(world.parameters.blocksPerStep)
        if cost < least {
          least = cost
          best.copies = count
          best.power_dBm = power
        }
      }
    }
    return best
  }

  private mutating func choose(
    for device: Int, in world: borrowing IndustrialHall, _ decision: inout HallActions.Decision
  ) {
    let task = Int(world.ready[device])
    let servers = world.actions.servers
    if world.plans[world.plan(of: device)].isPinned[task] {
      decision.place = 0
      if placement == .leastEnergy { decision.clock = frugalClock(device, task, in: world) }
      return
    }
    switch placement {
    case .local: decision.place = 0
    case .edge: decision.place = 1 + device % servers
    case .cloud: decision.place = servers + 1
    case .roundRobin:
      decision.place = turns[device] % world.actions.places
      turns[device] += 1
    case .leastLoaded:
      var least = Double.infinity
      for server in 0..<servers {
        let wait = world.wait_s(at: server + 1)
        if wait < least {
          least = wait
          decision.place = server + 1
        }
      }
    case .earliestFinish, .earliestDeadlineFirst:
      decision.place = earliest(device, task, in: world)
      if placement == .earliestDeadlineFirst { plan(device, task, at: decision.place, in: world) }
    case .leastEnergy: chooseFrugally(device, task, in: world, &decision)
    }
  }

  private func earliest(_ device: Int, _ task: Int, in world: borrowing IndustrialHall) -> Int {
    var best = 0
    var least = Double.infinity
    for place in 0..<world.actions.places {
      let finish = finish_s(device, task, at: place, in: world)
      if finish < least {
        least = finish
        best = place
      }
    }
    return best
  }

  private func finish_s(_ device: Int, _ task: Int, at place: Int, in world: borrowing IndustrialHall) -> Double {
    world.predictedFinish_s(
      device, task: task, at: place, clock: 1, uplinkExtra_s: planned.uplink_s,
      placeExtra_s: place == 0 ? 0 : planned.places_s[place - 1])
  }

  /// Notes what a choice adds to the waits of those that decide after it.
  private mutating func plan(_ device: Int, _ task: Int, at place: Int, in world: borrowing IndustrialHall) {
    guard place > 0 else { return }
    planned.uplink_s += world.inputBits(device, task: task, at: 0) / world.freeUplink_bps(device)
    planned.places_s[place - 1] += world.service_s(device, task: task, at: place)
  }

  private func frugalClock(_ device: Int, _ task: Int, in world: borrowing IndustrialHall) -> Double {
    let cycles = world.plans[world.plan(of: device)].cycles[task] * world.jobs.size[device]
    let start = max(world.now_s, world.deviceFree_s[device])
    let time = world.deadline_s(device) - start - world.laterWork_s(device, after: task)
    let slowest = world.computer(of: device).clocks[0]
    guard time > 0 else { return 1 }
    return min(max(cycles / (time * world.cpu_Hz[device]), slowest), 1)
  }

  private func chooseFrugally(
    _ device: Int, _ task: Int, in world: borrowing IndustrialHall, _ decision: inout HallActions.Decision
  ) {
    let cycles = world.plans[world.plan(of: device)].cycles[task] * world.jobs.size[device]
    let limit = world.deadline_s(device) - world.laterWork_s(device, after: task)
    var least = Double.infinity
    for place in 0..<world.actions.places {
      var clock = 1.0
      var energy = 0.0
      if place == 0 {
        clock = frugalClock(device, task, in: world)
        let hertz = clock * world.cpu_Hz[device]
        energy = world.computer(of: device).switchedCapacitance * hertz * hertz * cycles
      } else {
        let bits = world.inputBits(device, task: task, at: 0)
        energy = world.radio.uploadPower_W * bits / world.uplink_bps(device)
      }
      let finish = world.predictedFinish_s(
        device, task: task, at: place, clock: clock, uplinkExtra_s: 0, placeExtra_s: 0)
      if finish <= limit + IndustrialHall.tolerance_s, energy < least {
        least = energy
        decision.place = place
        decision.clock = clock
      }
    }
    if least == .infinity { decision.place = earliest(device, task, in: world) }
  }
}
