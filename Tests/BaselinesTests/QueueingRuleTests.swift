import Baselines
import EdgeCloud
import Glibc
import Randomness
import Testing

/// A world of one decision: what each option takes, told by hand.
private struct Choice: OffloadingView {
  struct Row {
    var place: OffloadingPlace
    var latency_s: Double
    var energy_J = 0.0
    var cost = 0.0
    var wait_s = 0.0
    var service_s = 0.0
    var tasks: Int?
    var isPermitted = true
  }
  var rows: [Row]
  var deadline = 1.0
  var energyReference_J = 1.0

  let deciderCount = 2
  var options: [OffloadingOption] { rows.map { OffloadingOption(place: $0.place, isFullEffort: true) } }
  func isDeciding(_ agent: Int) -> Bool { true }
  func isPermitted(_ option: Int, for agent: Int) -> Bool { rows[option].isPermitted }
  func observedWait_s(at option: Int, for agent: Int) -> Double { rows[option].wait_s }
  func predictedLatency_s(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    rows[option].latency_s
  }
  func predictedCost(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    rows[option].cost
  }
  func predictedEnergy_J(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    rows[option].energy_J
  }
  func deadline_s(for agent: Int) -> Double { deadline }
  func service_s(of option: Int, for agent: Int) -> Double { rows[option].service_s }
  func tasksInside(at option: Int, for agent: Int) -> Int? { rows[option].tasks }
}

@Suite struct QueueingRuleTests {
  @Test func `shortest queue takes the unit with the fewest tasks, whatever their work`() {
    var rule = ShortestQueueRule(agents: 2)
    var view = Choice(rows: [
      .init(place: .device, latency_s: 0.1), .init(place: .edge(rank: 0), latency_s: 9, wait_s: 0.1, tasks: 3),
      .init(place: .edge(rank: 1), latency_s: 9, wait_s: 5, tasks: 2),
      .init(place: .edge(rank: 2), latency_s: 9, wait_s: 0, tasks: 2),
      .init(place: .cloud(rank: 0), latency_s: 0, tasks: 0),
    ])
    #expect(rule.choose(for: 0, in: view) == 2, "the stronger of equals")
    view.rows[2].isPermitted = false
    view.rows[3].isPermitted = false
    #expect(rule.choose(for: 0, in: view) == 1)
    view.rows[1].isPermitted = false
    #expect(rule.choose(for: 0, in: view) == 0)
  }

  @Test func `energy-greedy takes the least energy that meets the deadline, the quicker of equals, else the quickest`()
  {
    var rule = EnergyGreedyRule(agents: 2)
    var view = Choice(rows: [
      .init(place: .device, latency_s: 1.0000000001, energy_J: 3), .init(place: .device, latency_s: 1.2, energy_J: 1),
      .init(place: .edge(rank: 0), latency_s: 0.4, energy_J: 2),
      .init(place: .cloud(rank: 0), latency_s: 0.3, energy_J: 2),
    ])
    #expect(rule.choose(for: 0, in: view) == 3)
    view.rows[0].energy_J = 1.5
    #expect(rule.choose(for: 0, in: view) == 0, "a nanosecond is no miss")
    view.deadline = 0.1
    #expect(rule.choose(for: 0, in: view) == 3)
    view.rows[3].isPermitted = false
    #expect(rule.choose(for: 0, in: view) == 2)
    for row in view.rows.indices { view.rows[row].latency_s = .infinity }
    #expect(view.rows[rule.choose(for: 0, in: view)].isPermitted)
  }
}

@Suite struct DriftPlusPenaltyTests {
  /// A task is sent in time for 1 J or 2 J with equal chance, or is missed for nothing; at most 40 % may be missed. Of the 60
  /// % that must be sent, 50 % are sent when it is cheap and 10 % when it is dear: p* = 0.5 + 0.2 = 0.7 J.
  private func play(weight: Double, slots: Int) -> (energy: Double, missed: Double, backlog: Double, last: Double) {
    var rule = DriftPlusPenaltyRule(agents: 1, penaltyWeight: weight, missShare: 0.4)
    rule.begin(seed: 0)
    var stream = RandomStream(seed: 17)
    var view = Choice(rows: [
      .init(place: .device, latency_s: 2), .init(place: .edge(rank: 0), latency_s: 0.5),
    ])
    var (energy, missed, backlog) = (0.0, 0.0, 0.0)
    for _ in 0..<slots {
      view.rows[1].energy_J = stream.uniform() < 0.5 ? 1 : 2
      let option = rule.choose(for: 0, in: view)
      energy += view.rows[option].energy_J
      missed += option == 0 ? 1 : 0
      backlog += rule.queues[0]
    }
    let n = Double(slots)
    return (energy / n, missed / n, backlog / n, rule.queues[0])
  }

  @Test(arguments: [1.0, 5, 20, 100])
  func `the mean penalty is at most B/V above the optimum, and the backlog grows as V at most`(weight: Double) {
    let slots = 400_000
    let (energy, missed, backlog, last) = play(weight: weight, slots: slots)
    // ½ max (y − β)² over y in {0, 1}.
    let b = 0.5 * 0.6 * 0.6
    // The chance of a cheap slot wanders by 3 standard errors: so does p*.
    let slack = 3 * 0.5 / Double(slots).squareRoot() * 2
    #expect(energy <= 0.7 + b / weight + slack, "\(energy)")
    // What the queue has not taken yet is the only excess; no policy with this share of missed tasks needs less.
    #expect(missed <= 0.4 + last / Double(slots) + 1e-9)
    #expect(energy >= 0.5 + 2 * (0.5 - missed) - slack, "\(energy) \(missed)")
    // Sending always has a drift of −β and a mean penalty of 1.5 J.
    #expect(backlog <= (b + weight * 1.5) / 0.4)
  }

  @Test func `a greater V comes nearer to the optimum and waits longer`() {
    let small = play(weight: 1, slots: 200_000)
    let great = play(weight: 50, slots: 200_000)
    #expect(great.energy < small.energy && great.backlog > small.backlog)
    #expect((great.energy - 0.7).magnitude < 0.01)
  }

  @Test func `agents have queues of their own, and an episode begins with empty ones`() {
    var rule = DriftPlusPenaltyRule(agents: 2, penaltyWeight: 1, missShare: 0)
    let view = Choice(rows: [
      .init(place: .device, latency_s: 2), .init(place: .edge(rank: 0), latency_s: 0.5, energy_J: 1.5),
    ])
    #expect((0..<4).map { _ in rule.choose(for: 0, in: view) } == [0, 0, 1, 1])
    #expect(rule.choose(for: 1, in: view) == 0)
    #expect(rule.queues == [2, 1])
    rule.begin(seed: 1)
    #expect(rule.queues == [0, 0])
    var scaled = view
    scaled.energyReference_J = 2
    #expect((0..<3).map { _ in rule.choose(for: 0, in: scaled) } == [0, 1, 1])
  }
}

@Suite struct PrimalDualTests {
  /// λ = L (U/L)^(w/T) with L 1, U 4: 2 at half the deadline.
  @Test func `a unit is taken where the saving is worth its price`() {
    var rule = PrimalDualRule(savings: 1...4)
    rule.begin(seed: 0)
    var view = Choice(rows: [
      .init(place: .device, latency_s: 1, cost: 1),
      .init(place: .edge(rank: 0), latency_s: 1, cost: 0.5, service_s: 0.2),
      .init(place: .edge(rank: 1), latency_s: 1, cost: 0.45, service_s: 0.2),
    ])
    // 0.5 + 1 · 0.2 and 0.45 + 1 · 0.2 against 1.
    #expect(rule.choose(for: 0, in: view) == 2)
    view.rows[2].wait_s = 0.5
    // 0.45 + 2 · 0.2 = 0.85 against 0.7.
    #expect(rule.choose(for: 0, in: view) == 1)
    view.rows[1].wait_s = 1
    view.rows[2].wait_s = 1
    // 4 · 0.2 more than either saves.
    #expect(rule.choose(for: 0, in: view) == 0)
    view.rows[0].isPermitted = false
    #expect(rule.choose(for: 0, in: view) == 2)
  }

  /// Small tasks of random savings fill a second of one processor: the greatest saving in hindsight is by density.
  @Test(arguments: [8.0, 40, 200])
  func `saves what weak duality promises`(spread: Double) {
    var stream = RandomStream(seed: 3)
    for trial in 0..<20 {
      var rule = PrimalDualRule(savings: 1...spread)
      rule.begin(seed: 0)
      let service = 1.0 / 400
      var taken = 0.0
      var saved = 0.0
      var densities: [Double] = []
      let count = 500 + 100 * trial
      for task in 0..<count {
        // Savings that rise over time are the hard case.
        let share = trial % 2 == 0 ? stream.uniform() : Double(task) / Double(count)
        let density = pow(spread, share)
        densities.append(density)
        let view = Choice(rows: [
          .init(place: .device, latency_s: 1, cost: 100),
          .init(
            place: .edge(rank: 0), latency_s: 1, cost: 100 - density * service, wait_s: taken, service_s: service),
        ])
        if rule.choose(for: 0, in: view) == 1 {
          taken += service
          saved += density * service
        }
      }
      let best = densities.sorted(by: >).prefix(400).reduce(0, +) * service
      #expect(taken <= 1 + service)
      #expect(saved >= (best - 1) / log(spread) - 0.02 * best, "\(saved) of \(best)")
      #expect(saved <= best + 1e-9)
    }
  }

  @Test func `learns the range of savings as tasks come`() {
    var rule = PrimalDualRule(agents: 1)
    rule.begin(seed: 0)
    func view(saving: Double, wait: Double) -> Choice {
      Choice(rows: [
        .init(place: .device, latency_s: 1, cost: 10),
        .init(place: .edge(rank: 0), latency_s: 1, cost: 10 - saving, wait_s: wait, service_s: 1),
      ])
    }
    // The only saving seen is its own price.
    #expect(rule.choose(for: 0, in: view(saving: 4, wait: 0)) == 0)
    // L 1: at no wait 4 is worth more than 1, and at half of it as much as √(1 · 4).
    #expect(rule.choose(for: 0, in: view(saving: 1, wait: 0)) == 0)
    #expect(rule.choose(for: 0, in: view(saving: 4, wait: 0)) == 1)
    #expect(rule.choose(for: 0, in: view(saving: 1.9, wait: 0.5)) == 0)
    #expect(rule.choose(for: 0, in: view(saving: 2.1, wait: 0.5)) == 1)
    rule.begin(seed: 1)
    #expect(rule.choose(for: 0, in: view(saving: 2.1, wait: 0.5)) == 0)
  }
}
