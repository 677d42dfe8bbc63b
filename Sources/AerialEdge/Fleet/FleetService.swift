import EdgeCloud
import Glibc
import Randomness

/// How a slot's tasks are carried out.
extension AerialFleet {
  /// Floating-point slack in comparing an end with a deadline: one nanosecond.
  static let tolerance_s = 1e-9

  /// Carries out all tasks of the slot.
  mutating func serve() {
    associate()
    shareBand()
    upload()
    order()
    switch parameters.computers.discipline {
    case .fifo: serveInTurn()
    case .equal: serveTogether(.equal)
    case .squareRoot: serveTogether(.squareRoot)
    }
    for index in settled.indices { conclude(index) }
  }

  /// Opens a record for every task, and sends it to the aircraft of the best biased gain or to the device.
  private mutating func associate() {
    settled.removeAll(keepingCapacity: true)
    let (fleet, users) = (parameters.fleet.count, parameters.users.count)
    for aircraft in 0..<fleet {
      attached[aircraft] = 0
      let bias = scratch.commands[aircraft].bias_dB
      scratch.biasRatio[aircraft] = bias == 0 ? 1 : Decibels(bias).ratio
    }
    for user in 0..<users {
      guard let task = waiting[user] else { continue }
      var record = FleetTask(user: user, task: task, x_m: x_m[user], y_m: y_m[user])
      var best = leastGain
      for aircraft in 0..<fleet {
        let biased = channel.gain[aircraft * users + user] * scratch.biasRatio[aircraft]
        if biased >= best, isFlying[aircraft] {
          best = biased
          record.aircraft = aircraft
        }
      }
      if record.aircraft >= 0 {
        attached[record.aircraft] += 1
        record.aircraft_m = flights[record.aircraft].position_m
        record.gain = channel.gain[record.aircraft * users + user]
        record.target = .onboard
      } else {
        compute(&record)
      }
      settled.append(record)
    }
  }

  /// T = C/f and E = κ f² C on the user's own device, after the tasks before it.
  private mutating func compute(_ record: inout FleetTask) {
    let user = record.user
    let start = max(now_s, deviceFree_s[user])
    record.wait_s = start - now_s
    if record.wait_s > record.task.deadline_s {
      record.fate = .expired
      record.wait_s = record.task.deadline_s
      return
    }
    record.cpu_Hz = cpu_Hz[user]
    record.compute_s = userProcessor.duration_s(cycles: record.task.cycles, clock_Hz: record.cpu_Hz)
    record.userEnergy_J = userProcessor.energy_J(cycles: record.task.cycles, clock_Hz: record.cpu_Hz)
    deviceFree_s[user] = start + record.compute_s
  }

  /// Gives each aircraft its band and draws what fading the slot's links need.
  private mutating func shareBand() {
    let (fleet, users) = (parameters.fleet.count, parameters.users.count)
    let isShared = parameters.radio.spectrum == .shared
    var claims = 0.0
    for aircraft in 0..<fleet where isFlying[aircraft] { claims += scratch.commands[aircraft].claim }
    for aircraft in 0..<fleet {
      let part = isShared || claims == 0 ? 1 : scratch.commands[aircraft].claim / claims
      scratch.band_Hz[aircraft] = parameters.radio.bandwidth_Hz * part
      scratch.weight[aircraft] = 0
      scratch.interference[aircraft] = 0
    }
    for index in settled.indices where settled[index].aircraft >= 0 {
      let (user, own) = (settled[index].user, settled[index].aircraft)
      if isShared {
        var pair = (1.0, 1.0)
        for aircraft in 0..<fleet {
          if aircraft & 1 == 0 { pair = fading(user: user, pair: aircraft >> 1) }
          let gain = channel.gain[aircraft * users + user] * (aircraft & 1 == 0 ? pair.0 : pair.1)
          scratch.received[index * fleet + aircraft] = userPower_W * gain
          if aircraft == own { settled[index].fading = aircraft & 1 == 0 ? pair.0 : pair.1 }
        }
      } else {
        let pair = fading(user: user, pair: own >> 1)
        settled[index].fading = own & 1 == 0 ? pair.0 : pair.1
        scratch.received[index * fleet + own] = userPower_W * settled[index].gain * settled[index].fading
      }
    }
  }

  /// The fading of a user's links to aircraft 2·pair and 2·pair + 1 in the slot.
  func fading(user: Int, pair: Int) -> (Double, Double) {
    guard let law = parameters.radio.fading else { return (1, 1) }
    let words = world.block(.fading, entity: UInt64(user) << 3 | UInt64(pair), time: UInt64(step))
    let first = Variate.normals(words.0, words.1)
    let second = Variate.normals(words.2, words.3)
    return (law.power(first.0, first.1), law.power(second.0, second.1))
  }

  /// Shares each aircraft's time among its users, and finds rates and upload times.
  ///
  /// A user sends over the whole band of its aircraft in its share of the time, in turns that are short against the
  /// slot. Shares by root use the rates without interference. Interference at an aircraft is what arrives from the users
  /// of the others, averaged over their turns.
  private mutating func upload() {
    let fleet = parameters.fleet.count
    let isShared = parameters.radio.spectrum == .shared
    let split = parameters.radio.split
    for index in settled.indices where settled[index].aircraft >= 0 {
      let aircraft = settled[index].aircraft
      let band = scratch.band_Hz[aircraft]
      let noise = receiver.noise_W(bandwidth_Hz: band)
      let clean = scratch.received[index * fleet + aircraft] / noise
      settled[index].bandwidth_Hz = band
      settled[index].noise_W = noise
      settled[index].rate_bps = receiver.rate_bps(bandwidth_Hz: band, sinr: clean)
      settled[index].sinr = clean
      let rate = settled[index].rate_bps
      let weight = split.weight(split == .equal || rate <= 0 ? 1 : settled[index].task.bits / rate)
      settled[index].share = weight
      scratch.weight[aircraft] += weight
    }
    for index in settled.indices where settled[index].aircraft >= 0 {
      let aircraft = settled[index].aircraft
      settled[index].share /= scratch.weight[aircraft]
      guard isShared else { continue }
      for other in 0..<fleet where other != aircraft {
        scratch.interference[other] += settled[index].share * scratch.received[index * fleet + other]
      }
    }
    for index in settled.indices where settled[index].aircraft >= 0 {
      var record = settled[index]
      record.interference_W = scratch.interference[record.aircraft]
      if record.interference_W > 0 {
        record.sinr = Link.sinr(
          signal_W: scratch.received[index * fleet + record.aircraft], interference_W: record.interference_W,
          noise_W: record.noise_W)
        record.rate_bps = receiver.rate_bps(bandwidth_Hz: record.bandwidth_Hz, sinr: record.sinr)
      }
      let needed = record.task.bits / (record.rate_bps * record.share)
      let limit = min(parameters.time.step_s, record.task.deadline_s)
      record.upload_s = min(needed, limit)
      if !(needed <= limit) {
        record.upload_s = limit
        record.fate = .cut
      }
      record.userEnergy_J = userPower_W * record.upload_s * record.share
      settled[index] = record
    }
  }

  /// Decides what became of a task.
  private mutating func conclude(_ index: Int) {
    var record = settled[index]
    record.latency_s =
      record.fate == .cut
      ? record.upload_s : record.upload_s + record.relay_s + record.wait_s + record.compute_s
    if record.fate == .done, record.latency_s > record.task.deadline_s + Self.tolerance_s { record.fate = .late }
    settled[index] = record
    tally.arrived += 1
    tally.userEnergy_J += record.userEnergy_J
    if record.isMissed { tally.missed += 1 }
    if record.isFinished { latencies_s.append(record.latency_s) } else { tally.lost += 1 }
    switch record.target {
    case .device: tally.onDevice += 1
    case .onboard: tally.onBoard += 1
    case .cloud: tally.inCloud += 1
    }
    if record.fate == .done, record.aircraft >= 0 { delivered_bits[record.user] += record.task.bits }
    let outcome: FlowAccount.Outcome =
      switch record.fate {
      case .done: .done
      case .late: .late
      case .expired, .cut: .dropped
      }
    account.arrive(at: now_s, exit: now_s + record.latency_s, outcome: outcome)
  }
}
