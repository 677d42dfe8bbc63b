import Baselines
import EdgeCloud
import Foundation
import Randomness
import Testing

/// A world of one decision with units and a cloud, told by hand; every agent has a device, one option for each unit and
/// one for the cloud.
private struct Site: ComputingView {
  var loads: [Double]
  var deadline_s = 1.0
  var device: [Double]
  var shared: [Double]
  /// `[agents, options]`, none first.
  var costs: [[Double]]
  /// What the upload to each unit takes of the one band, in seconds; nothing where there is none.
  var airtimes_s: [Double]?
  var forbidden: Set<[Int]> = []

  var deciderCount: Int { loads.count }

  var options: [OffloadingOption] {
    [
      OffloadingOption(place: .none, isFullEffort: false), OffloadingOption(place: .device, isFullEffort: true),
    ] + shared.indices.map { OffloadingOption(place: .edge(rank: $0), isFullEffort: true) }
  }

  func isDeciding(_ agent: Int) -> Bool { loads[agent] > 0 }
  func isPermitted(_ option: Int, for agent: Int) -> Bool { option > 0 && !forbidden.contains([agent, option]) }
  func observedWait_s(at option: Int, for agent: Int) -> Double { 0 }
  func deadline_s(for agent: Int) -> Double { deadline_s }
  var energyReference_J: Double { 2 }

  func predictedLatency_s(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    0.1 * Double(option)
  }

  func predictedEnergy_J(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    Double(4 - option)
  }

  func predictedCost(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    knowledge == .observation ? costs[agent][option] : .nan
  }

  var bandCount: Int { airtimes_s == nil ? 0 : 1 }
  var bandTime_s: Double { 0.1 }
  func band(of option: Int, for agent: Int) -> Int? { option < 2 || airtimes_s == nil ? nil : 0 }
  func airtime_s(of option: Int, for agent: Int) -> Double { airtimes_s?[option - 2] ?? 0 }

  var computerCount: Int { shared.count }
  func computer(of option: Int, for agent: Int) -> Int? { option < 2 ? nil : option - 2 }
  func cycles(for agent: Int) -> Double { loads[agent] }
  func freeCycles(at computer: Int, within time_s: Double) -> Double { shared[computer] * time_s }
  func freeDeviceCycles(for agent: Int, within time_s: Double) -> Double { device[agent] * time_s }

  func allocated(_ settings: TransportAllocation.Settings) -> [[Double]] {
    var allocation = TransportAllocation(settings, for: self)
    allocation.allocate(in: self)
    let width = options.count
    return loads.indices.map { Array(allocation.probabilities[$0 * width..<($0 + 1) * width]) }
  }
}

@Suite struct TransportAllocationTests {
  @Test func `with room everywhere an agent's row is the softmax of its costs over what it is permitted`() {
    let site = Site(
      loads: [1, 1], device: [9, 9], shared: [9, 9], costs: [[0, 0.5, 0.2, 0.4], [0, 0.1, 0.3, 0.2]],
      forbidden: [[1, 3]])
    let rows = site.allocated(.init(regularization: 0.1))
    for (row, costs) in zip(rows, [[0.5, 0.2, 0.4], [0.1, 0.3, .infinity]]) {
      let powers = costs.map { exp(-$0 / 0.1) }
      #expect(row[0] == 0)
      for option in 1...3 { #expect(abs(row[option] - powers[option - 1] / powers.reduce(0, +)) < 1e-9) }
    }
  }

  @Test func `with weights an option costs its latency over the deadline and its energy over the reference`() {
    var site = Site(loads: [1], device: [9], shared: [9], costs: [[.nan, .nan, .nan]])
    for deadline_s in [0.5, .infinity] {
      site.deadline_s = deadline_s
      let row = site.allocated(.init(weights: .init(latency: 3, energy: 0.7), regularization: 0.4))[0]
      let time = deadline_s == .infinity ? 1 : deadline_s
      let powers = [1.0, 2].map { exp(-(3 * 0.1 * $0 / time + 0.7 * (4 - $0) / 2) / 0.4) }
      #expect(abs(row[1] - powers[0] / (powers[0] + powers[1])) < 1e-9)
    }
  }

  @Test func `a unit takes no more than it can do, and who gains most from it gets it`() {
    // Each would rather use the unit, which can do one task of the three.
    let site = Site(
      loads: [1, 1, 1], device: [9, 9, 9], shared: [1], costs: [[0, 0.5, 0.1], [0, 0.9, 0.1], [0, 0.6, 0.1]])
    let rows = site.allocated(.init(regularization: 0.02))
    #expect(abs(rows.reduce(0) { $0 + $1[2] } - 1) < 1e-2)
    #expect(rows[1][2] > 0.99 && rows[0][1] > 0.99 && rows[2][1] > 0.98)
  }

  @Test func `a band carries no more than it has time for, whatever computers could do`() {
    // Ten tasks, each with a device; the band has time for four uploads to the first unit or for two to the second.
    let agents = 10
    var site = Site(
      loads: [Double](repeating: 3, count: agents), device: [Double](repeating: 99, count: agents), shared: [99, 99],
      costs: (0..<agents).map { [0, 0.9, 0.1 + 0.01 * Double($0), 0.1] }, airtimes_s: [0.025, 0.05])
    let rows = site.allocated(.init(regularization: 0.05))
    let airtime = rows.reduce(0) { $0 + 0.025 * $1[2] + 0.05 * $1[3] }
    #expect(abs(airtime - 0.1) < 1e-3)
    #expect(rows.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-9 })
    #expect(rows[0][2] > rows[9][2] && rows[0][2] > 0.4)
    site.airtimes_s = [.infinity, 0.05]
    #expect(site.allocated(.init(regularization: 0.05)).allSatisfy { $0[2] == 0 }, "what never arrives is left out")
    site.airtimes_s = nil
    #expect(site.allocated(.init(regularization: 0.05)).allSatisfy { $0[1] < 1e-3 })
  }

  @Test func `tasks whose sum fits nowhere still go somewhere, beyond capacity at its price`() {
    let site = Site(loads: [3, 3], device: [0, 0], shared: [0], costs: [[0, 0.4, 0.1], [0, 0.1, 0.4]])
    let rows = site.allocated(.init(regularization: 0.05, overflowCost: 1))
    for (row, better) in zip(rows, [2, 1]) {
      #expect(abs(row.reduce(0, +) - 1) < 1e-9)
      // Every computer costs ρ more, so that the row is the softmax again.
      #expect(abs(row[better] - 1 / (1 + exp(-0.3 / 0.05))) < 1e-6)
    }
  }

  @Test func `who has no task, and who is permitted nothing, has a row of zeros`() {
    let site = Site(
      loads: [0, 1], device: [1, 1], shared: [1], costs: [[0, 0, 0], [0, 0, 0]], forbidden: [[1, 1], [1, 2]])
    #expect(site.allocated(.init()) == [[0, 0, 0], [0, 0, 0]])
  }

  /// All whole assignments are tried; with tasks of one unit of load and computers for whole numbers of them the linear
  /// program has a whole solution, so that the most probable options are the best assignment.
  @Test func `the most probable options are the best assignment of all for equal tasks`() {
    var stream = RandomStream(seed: 21)
    for _ in 0..<40 {
      let agents = 4
      let shared = [Double(stream.integer(below: 2) + 1), Double(stream.integer(below: 2) + 1)]
      let costs = (0..<agents).map { _ in (0..<4).map { _ in stream.uniform() } }
      let device = (0..<agents).map { _ in Double(stream.integer(below: 2)) }
      let site = Site(loads: [Double](repeating: 1, count: agents), device: device, shared: shared, costs: costs)
      let penalty = 10.0
      let rows = site.allocated(.init(regularization: 0.01, overflowCost: penalty))
      func total(_ choice: [Int]) -> Double {
        var used = [0.0, 0.0]
        var sum = 0.0
        for agent in 0..<agents {
          sum += costs[agent][choice[agent]]
          if choice[agent] == 1 { sum += penalty * max(0, 1 - device[agent]) } else { used[choice[agent] - 2] += 1 }
        }
        return sum + penalty * (max(0, used[0] - shared[0]) + max(0, used[1] - shared[1]))
      }
      var least = (total: Double.infinity, choice: [Int]())
      var second = Double.infinity
      for code in 0..<81 {
        let choice = (0..<agents).map { 1 + code / [1, 3, 9, 27][$0] % 3 }
        let sum = total(choice)
        if sum < least.total {
          second = least.total
          least = (sum, choice)
        } else {
          second = min(second, sum)
        }
      }
      // Where two assignments are as good as equal, rows may be split between them.
      guard second - least.total > 0.08 else { continue }
      let chosen = rows.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
      #expect(chosen == least.choice)
    }
  }
}
