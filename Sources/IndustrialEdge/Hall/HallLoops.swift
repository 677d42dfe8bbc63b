import EdgeCloud
import Glibc
import Randomness

/// What every step needs of a kind of loop.
struct LoopPlan: Sendable, Equatable {
  let interval_s: Double
  let survival: SurvivalTime
  let blocks: Int
  let messagesPerStep: Int
  let stepsPerMessage: Int

  init(_ kind: HallParameters.LoopKind) {
    interval_s = kind.traffic.interval_s
    survival = kind.traffic.survival
    blocks = kind.blocks
    messagesPerStep = kind.messagesPerStep
    stepsPerMessage = kind.stepsPerMessage
  }
}

/// How control loops reserve blocks, send their messages and survive or not.
extension IndustrialHall {
  /// The messages of a loop in the present step.
  func messages(of loop: Int) -> Int {
    let plan = loopPlans[kindOf[loop]]
    if plan.messagesPerStep > 0 { return plan.messagesPerStep }
    return step % plan.stepsPerMessage == loop % plan.stepsPerMessage ? 1 : 0
  }

  /// The kind of a loop, for what is not done in every step.
  func kind(of loop: Int) -> HallParameters.LoopKind {
    kindOf[loop] < parameters.loops.count ? parameters.loops[kindOf[loop]] : parameters.robotLoop
  }

  /// Grants copies as far as the pool goes, in an order that begins with another loop in each step, and sends all
  /// messages. Returns the blocks reserved.
  mutating func runLoops() -> Int {
    var left = parameters.blocksPerStep
    for turn in 0..<loopCount {
      let loop = (turn + step) % loopCount
      let plan = loopPlans[kindOf[loop]]
      let messages = messages(of: loop)
      var row = HallRow()
      row.messages = messages
      row.copies = decisions[loop].copies
      row.granted = row.copies
      if messages > 0 {
        let each = messages * plan.blocks
        row.granted = min(row.copies, left / each)
        left -= row.granted * each
        grantedShare[loop] = Double(row.granted) / Double(row.copies)
      }
      send(loop, plan.survival, &row)
      rows[loop] = row
    }
    return parameters.blocksPerStep - left
  }

  /// Sends the messages of a loop: each is lost when its own uniform number falls below the probability.
  mutating func send(_ loop: Int, _ survival: SurvivalTime, _ row: inout HallRow) {
    let power = decisions[loop].power_dBm
    row.power_dBm = power
    row.snr_dB = radio.snr_dB(kind: kindOf[loop], power_dBm: power, gain_dB: links.gain_dB[loop])
    row.loss = radio.lossProbability(
      kind: kindOf[loop], isClear: links.isClear[loop], snr_dB: row.snr_dB, copies: row.granted)
    guard row.messages > 0 else { return }
    var run = runs[loop]
    var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
    for message in 0..<row.messages {
      if message & 3 == 0 {
        words = world.block(.hallLoss, entity: UInt64(loop), time: UInt64(step) &* 256 &+ UInt64(message / 4))
      }
      let word =
        switch message & 3 {
        case 0: words.0
        case 1: words.1
        case 2: words.2
        default: words.3
        }
      let isLost = Variate.uniform(word) < row.loss
      run = survival.run(after: run, isLost: isLost)
      if isLost { row.lost += 1 }
      if survival.begins(run: run) { row.outages += 1 }
      if survival.isDown(run: run) { row.down += 1 }
    }
    runs[loop] = run
    let sent = Double(row.messages * row.granted)
    row.loopEnergy_J = exp((power - 30) * (0.1 * M_LN10)) * parameters.radio.slot_s * sent
    lostShare[loop] = Double(row.lost) / Double(row.messages)
    terms[loop * 4] = Double(row.down) / Double(row.messages)
    terms[loop * 4 + 3] += row.loopEnergy_J / parameters.reward.energyReference_J
    tally.messages += Double(row.messages)
    tally.lost += Double(row.lost)
    tally.outages += Double(row.outages)
    tally.down += Double(row.down)
    tally.loopEnergy_J += row.loopEnergy_J
  }
}
