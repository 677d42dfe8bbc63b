import EdgeCloud
import Glibc
import IndustrialEdge
import ReinforcementLearning
import Testing

/// Survival time, end to end: the world's own losses against the renewal formulas.
@Suite struct HallSurvivalTests {
  /// A hall of one motion loop that sends once at the lowest power, over so many steps of ten messages.
  private func loop(survival: Int, steps: Int, rise_dB: Double) throws -> IndustrialHall {
    let kind =
      "[{name: motion, count: 1, interval_s: 0.001, message_bits: 320, survival_intervals: \(survival), blocks: 2}]"
    return try HallScene([
      ("loops", kind), ("robots", "null"), ("inspectors", "null"), ("time.steps", "\(steps)"),
      ("radio.noise_rise_db", "\(rise_dB)"),
    ]).world()
  }

  @Test(arguments: [(1, 28.0), (2, 28.0), (0, 22.0), (3, 36.0)])
  func `outages begin and last as the renewal formulas say`(survival: Int, rise_dB: Double) throws {
    let law = SurvivalTime(intervals: survival)
    var tried = 0
    for seed in 0..<12 as Range<UInt64> where tried < 3 {
      let world = try loop(survival: survival, steps: 20_000, rise_dB: rise_dB)
      var first = world
      first.reset(seed: seed)
      var action = JointAction(for: world.groups)
      var outcome = StepOutcome(agents: 1)
      first.step(action, outcome: &outcome)
      let columns = world.recordColumns
      let probability = Dictionary(uniqueKeysWithValues: zip(columns, first.records()[0]))["loss_probability"]?.number
      let p = try #require(probability)
      guard (0.05...0.6).contains(p) else { continue }
      tried += 1
      var played = world
      played.reset(seed: seed)
      action.discrete[0] = 0
      repeat { played.step(action, outcome: &outcome) } while !outcome.episodeOver
      let metrics = Dictionary(uniqueKeysWithValues: played.metrics().map { ($0.name, $0.value ?? .nan) })
      let messages = 200_000.0
      let rate = law.outageRate(lossProbability: p)
      let deviation = (rate * (1 - rate) / messages).squareRoot()
      #expect(((metrics["outages_per_message"] ?? .nan) - rate).magnitude < 3 * deviation)
      let down = 1 - law.availability(lossProbability: p)
      let spread = (down * (1 - down) / messages * (1 + p) / (1 - p)).squareRoot()
      #expect(((metrics["availability"] ?? .nan) - (1 - down)).magnitude < 3 * spread)
      let loss = (p * (1 - p) / messages).squareRoot()
      #expect(((metrics["message_loss_ratio"] ?? .nan) - p).magnitude < 3 * loss)
    }
    #expect(tried == 3)
  }

  @Test func `copies of a message are lost independently`() throws {
    let world = try loop(survival: 1, steps: 2, rise_dB: 28)
    var outcome = StepOutcome(agents: 1)
    var losses: [Double] = []
    for copies in 0..<3 {
      var played = world
      played.reset(seed: 3)
      var action = JointAction(for: world.groups)
      action.discrete[0] = Int32(copies * 3)
      played.step(action, outcome: &outcome)
      let row = Dictionary(uniqueKeysWithValues: zip(world.recordColumns, played.records()[0]))
      losses.append(row["loss_probability"]?.number ?? .nan)
      #expect(row["copies"] == .integer([1, 2, 4][copies]))
    }
    #expect((losses[1] / (losses[0] * losses[0]) - 1).magnitude < 1e-12)
    #expect((losses[2] / pow(losses[0], 4) - 1).magnitude < 1e-12)
  }

  /// The link budget and the loss of every row from the standards' own formulas.
  @Test(arguments: ["inf-sl", "inf-dh"])
  func `the loss of a message follows from power, gain, noise and its size`(name: String) throws {
    let scene = HallScene([("time.steps", "12")], name: name)
    let parameters = try scene.parameters()
    let world = try scene.world()
    let episode = HallEpisode(world, seed: 8, RandomController(for: world), keepsRows: true)
    let radio = parameters.radio
    var seen = 0
    for row in episode.rows where row["messages"]?.number ?? 0 > 0 {
      let kind =
        parameters.loops.first { .text($0.name) == row["group"] } ?? parameters.robotLoop
      let noise =
        -174 + radio.noiseFigure_dB + radio.noiseRise_dB
        + 10 * log10(12 * radio.subcarrierSpacing_Hz * Double(kind.blocks))
      let power = row["tx_power_dbm"]?.number ?? .nan
      let snr = power + (row["gain_db"]?.number ?? .nan) - noise
      // The gain of a robot's row is that after the step; a fixed device's never changes.
      guard row["group"] != .text("robot") else { continue }
      #expect((snr - (row["snr_db"]?.number ?? .nan)).magnitude < 1e-9)
      let gain = -(row["path_loss_db"]?.number ?? .nan) - (row["shadowing_db"]?.number ?? .nan)
      #expect((gain - (row["gain_db"]?.number ?? .nan)).magnitude < 1e-9)
      let factor = row["los"] == .integer(1) ? pow(10, 0.7) : 0
      let packet = ShortPacket(bits: kind.traffic.bits, channelUses: 168 * Double(kind.blocks))
      let one = packet.lossProbability(meanSNR: pow(10, snr / 10), ricianFactor: factor)
      let copies = row["granted_copies"]?.number ?? .nan
      guard one > 1e-4, copies > 0 else { continue }
      seen += 1
      #expect((log(row["loss_probability"]?.number ?? .nan) / copies - log(one)).magnitude < 0.06)
    }
    #expect(seen > 5)
  }
}
