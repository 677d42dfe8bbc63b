import EdgeCloud
import Glibc
import Randomness
public import ReinforcementLearning
import Snapshots

/// A fleet of aircraft that serves users on the ground as flying edge servers.
///
/// Time runs in slots. At the start of a slot some users have a task. Each sends it to the aircraft with the best biased
/// gain, if that is good enough, and else computes it itself. The users of an aircraft share its band, and the tasks
/// queue at its processor or at its relay to the cloud. What becomes of a task is fully determined by the slot's
/// decisions and the queues, so that it is settled at once. Then the aircraft fly. The card
/// (`Environments/aerial/fleet.md`) has observations, actions, reward, bound, sources and what is simplified.
///
/// Tasks, users' movements and fading are functions of (seed, user, time); line of sight and shadowing are functions of
/// (seed, user, displacement): all are the same under every policy.
public struct AerialFleet: Environment {
  /// The constants of the scenario.
  public let parameters: FleetParameters
  public let groups: [AgentGroup]
  public let rewardTerms: [RewardTerm]

  let actions: FleetActions
  let motion: AerialMotion
  let receiver: Link
  let userPower_W: Double
  let userProcessor: ScalableProcessor
  /// The least mean gain from which a user is served, as a plain ratio.
  let leastGain: Double

  var world = WorldDraws(seed: 0)
  var step = 0
  var channel: FleetChannel
  /// Per aircraft.
  var flights: [AerialMotion.State]
  var isFlying: [Bool]
  var batteries: [Battery]
  var startCharge_J: [Double]
  var onboard: [ComputeQueue]
  var relays: [ComputeQueue]
  var attached: [Int32]
  var spent: [Spending]
  /// Per user.
  var x_m: [Double]
  var y_m: [Double]
  var walks: [GaussMarkovMobility.State]
  var trips: [RandomWaypoint.State]
  var cpu_Hz: [Double]
  var deviceFree_s: [Double]
  var age_s: [Double]
  var delivered_bits: [Double]
  var waiting: [ComputeTask?]
  /// The nearest users of each aircraft, −1 where there are no more; [aircraft × observed users].
  var nearest: [Int32]
  /// What lies in each quadrant around an aircraft; [aircraft × 4].
  var quadrants: [Quadrant]
  /// The values of the reward's terms in the last step; [aircraft × terms].
  var terms: [Double]
  var account: FlowAccount
  var latencies_s: [Double] = []
  var tally = Tally()
  var settled: [FleetTask] = []
  var settledStep = 0
  var settledFlights: [FleetFlight]
  var scratch: Scratch

  /// Energy that was drawn from an aircraft's battery.
  struct Spending: Sendable, Equatable {
    var propulsion_J = 0.0
    var avionics_J = 0.0
    var computing_J = 0.0
    var total_J: Double { propulsion_J + avionics_J + computing_J }
  }

  /// Users in a direction.
  struct Quadrant: Sendable, Equatable {
    var users = 0.0
    /// The mean age of their information; 0 if there are none.
    var age_s = 0.0

    init() {}

    /// Of the number of users and the sum of their ages.
    init(_ sums: SIMD2<Double>) {
      users = sums.x
      age_s = sums.x > 0 ? max(sums.y, 0) / sums.x : 0
    }
  }

  /// What an episode adds up.
  struct Tally: Sendable, Equatable {
    var arrived = 0.0
    var missed = 0.0
    var lost = 0.0
    var onDevice = 0.0
    var onBoard = 0.0
    var inCloud = 0.0
    var userEnergy_J = 0.0
    var age_s = 0.0
    var breaches = 0.0
    var landed = 0.0
  }

  /// Working memory of a step.
  struct Scratch: Sendable {
    var commands: [FleetCommand]
    var band_Hz: [Double]
    var biasRatio: [Double]
    var weight: [Double]
    var interference: [Double]
    var received: [Double]
    var distance2: [Double]
    var order: [Int]
    var keys_s: [Double]
  }

  /// A world of the given constants; call ``reset(seed:)`` before an episode.
  public init(_ parameters: FleetParameters) {
    self.parameters = parameters
    let (fleet, users) = (parameters.fleet, parameters.users)
    let count = fleet.count
    actions = FleetActions(parameters)
    motion = AerialMotion(
      speedLimit: MetresPerSecond(fleet.speed_mps), climbLimit: MetresPerSecond(fleet.climb_mps),
      accelerationLimit_mps2: fleet.acceleration_mps2, area: parameters.area, altitude_m: fleet.altitude_m)
    receiver = Link(
      noiseFigure: Decibels(parameters.radio.noiseFigure_dB),
      spectralEfficiencyCap: parameters.radio.spectralEfficiencyCap)
    userPower_W = Watts(DecibelMilliwatts(users.power_dBm)).value
    userProcessor = ScalableProcessor(
      switchedCapacitance: users.switchedCapacitance, minimumClock: Hertz(users.cpu_Hz.lowerBound),
      maximumClock: Hertz(users.cpu_Hz.upperBound))
    leastGain =
      Decibels(parameters.radio.leastSNR_dB).ratio
      * receiver.noise_W(bandwidth_Hz: parameters.radio.bandwidth_Hz) / userPower_W
    channel = FleetChannel(parameters)
    let rest = AerialMotion.State(position_m: SIMD3(0, 0, fleet.startAltitude_m))
    let battery = Battery(capacity: Joules(parameters.energy.capacity_J))
    flights = [AerialMotion.State](repeating: rest, count: count)
    isFlying = [Bool](repeating: true, count: count)
    batteries = [Battery](repeating: battery, count: count)
    startCharge_J = [Double](repeating: battery.capacity_J, count: count)
    onboard = [ComputeQueue](repeating: ComputeQueue(servers: parameters.computers.servers), count: count)
    relays = [ComputeQueue](repeating: ComputeQueue(servers: 1), count: count)
    attached = [Int32](repeating: 0, count: count)
    spent = [Spending](repeating: Spending(), count: count)
    let zeros = [Double](repeating: 0, count: users.count)
    (x_m, y_m, cpu_Hz, deviceFree_s, age_s, delivered_bits) = (zeros, zeros, zeros, zeros, zeros, zeros)
    (walks, trips) = ([], [])
    waiting = [ComputeTask?](repeating: nil, count: users.count)
    nearest = [Int32](repeating: -1, count: count * parameters.observedUsers)
    quadrants = [Quadrant](repeating: Quadrant(), count: count * 4)
    rewardTerms = Self.terms(parameters.reward)
    terms = [Double](repeating: 0, count: count * rewardTerms.count)
    account = FlowAccount(capacity: 4 * users.count)
    settledFlights = [FleetFlight](repeating: FleetFlight(), count: count)
    scratch = Scratch(
      commands: [FleetCommand](repeating: actions.idle, count: count), band_Hz: [Double](repeating: 0, count: count),
      biasRatio: [Double](repeating: 1, count: count), weight: [Double](repeating: 0, count: count),
      interference: [Double](repeating: 0, count: count),
      received: [Double](repeating: 0, count: count * users.count),
      distance2: [Double](repeating: 0, count: parameters.observedUsers), order: [], keys_s: zeros)
    scratch.order.reserveCapacity(users.count)
    settled.reserveCapacity(users.count)
    latencies_s.reserveCapacity(min(parameters.time.steps * users.count, 1 << 20))
    groups = [
      AgentGroup(
        name: "uav", count: count, observation: Self.observationSpace(parameters), action: actions.space)
    ]
    reset(seed: 0)
  }

  /// The present moment since the episode began.
  var now_s: Double { Double(step) * parameters.time.step_s }

  public mutating func reset(seed: UInt64) {
    world = WorldDraws(seed: seed)
    step = 0
    placeUsers()
    for user in 0..<parameters.users.count {
      cpu_Hz[user] = deviceClock_Hz(of: user, in: world)
      deviceFree_s[user] = 0
      age_s[user] = 0
      delivered_bits[user] = 0
    }
    placeAircraft()
    for index in terms.indices { terms[index] = 0 }
    account.reset()
    tally = Tally()
    latencies_s.removeAll(keepingCapacity: true)
    settled.removeAll(keepingCapacity: true)
    for aircraft in settledFlights.indices { settledFlights[aircraft] = FleetFlight() }
    channel.reset(in: world)
    refresh()
  }

  func deviceClock_Hz(of user: Int, in world: WorldDraws) -> Double {
    let range = parameters.users.cpu_Hz
    let part = world.uniform(.userDevice, entity: UInt64(user))
    return min(range.lowerBound + (range.upperBound - range.lowerBound) * part, range.upperBound)
  }

  /// Brings links, tasks and what is seen to the present instant.
  mutating func refresh() {
    for user in 0..<parameters.users.count {
      waiting[user] = parameters.tasks.task(in: world, device: UInt64(user), slot: step)
    }
    for aircraft in 0..<parameters.fleet.count where isFlying[aircraft] {
      channel.refresh(aircraft, at: flights[aircraft].position_m, x_m: x_m, y_m: y_m, in: world)
      look(aircraft)
    }
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    for aircraft in 0..<parameters.fleet.count {
      scratch.commands[aircraft] = self.actions.command(
        of: aircraft, in: actions, processor: parameters.computers.processor)
    }
    settledStep = step
    serve()
    fly()
    writeTerms(&outcome)
    step += 1
    account.advance(to: now_s)
    moveUsers()
    refresh()
    if step >= parameters.time.steps {
      outcome.episodeOver = true
      for aircraft in 0..<parameters.fleet.count { outcome.truncated[aircraft] = true }
    }
  }

  public func brokenInvariants() -> [String] {
    var sentences: [String] = []
    let balance = account.check()
    if !balance.isSound {
      sentences.append(
        "tasks arrived less those done, dropped and queued: \(balance.unaccountedTasks); integral of the number in the "
          + "system \(balance.occupancy_s) s against residence times \(balance.residence_s) s")
    }
    for aircraft in 0..<parameters.fleet.count {
      let left = batteries[aircraft].charge_J
      let error = startCharge_J[aircraft] - spent[aircraft].total_J - left
      if left < 0 || error.magnitude > 1e-9 * startCharge_J[aircraft] + 1e-9 {
        sentences.append("aircraft \(aircraft): \(error) J of its battery are unaccounted for, and \(left) J are left")
      }
      guard isFlying[aircraft] else { continue }
      let position = flights[aircraft].position_m
      for axis in 0..<3 where position[axis] < motion.low_m[axis] || position[axis] > motion.high_m[axis] {
        sentences.append("aircraft \(aircraft) is at \(position), outside the fence")
      }
    }
    if parameters.fleet.avoidance == .held, tally.breaches > 0 {
      sentences.append("aircraft were nearer than the separation \(Int(tally.breaches)) times")
    }
    return sentences
  }
}
