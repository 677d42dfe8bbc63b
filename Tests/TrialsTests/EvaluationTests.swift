import ClassicControl
import Configuration
import Foundation
import ReinforcementLearning
import TestSupport
import Testing
import Trials

@Suite struct EvaluationTests {
  private func scenario(_ name: String, _ settings: [String] = []) throws -> Scenario {
    try Scenario(
      "\(project)/Environments/\(name).yaml",
      overrides: try Override.forScenario(try settings.map { try Override($0) }))
  }

  /// Trap T16.
  @Test func `evaluating twice, with any number of workers, gives identical results`() async throws {
    let scenario = try scenario("vehicular/trace-offloading", ["scenario.time.steps=30"])
    let names = scenario.ruleNames
    let one = try await Evaluation.run(scenario, policies: names, episodes: 7, seed: 5, workers: 1)
    let three = try await Evaluation.run(scenario, policies: names, episodes: 7, seed: 5, workers: 3)
    #expect(one.json() == three.json())
    #expect(one.csv() == three.csv())
    let other = try await Evaluation.run(scenario, policies: names, episodes: 7, seed: 6, workers: 1)
    #expect(other.json() != one.json())
  }

  @Test func `the JSON object has the fields that scripts read`() async throws {
    let scenario = try scenario(
      "vehicular/highway-offloading", ["scenario.time.steps=20", "scenario.tasks.rate_hz=4"])
    let evaluation = try await Evaluation.run(scenario, policies: ["local"], episodes: 3, seed: 0, workers: 1)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(evaluation.json().text().utf8)) as? [String: Any])
    #expect(json["schema"] as? String == "edgewise.evaluation/1")
    #expect(json["episodes"] as? Int == 3)
    #expect(json["seed"] as? Int == 0)
    let bound = try #require(json["bound"] as? Double)
    #expect(abs(bound - (evaluation.bound ?? .nan)) < 1e-12)
    let described = try #require(json["scenario"] as? [String: Any])
    #expect(described["id"] as? String == "vehicular/highway-offloading")
    #expect((described["sha256"] as? String)?.count == 64)
    #expect((described["overrides"] as? [String: Any])?.keys.sorted() == ["tasks.rate_hz", "time.steps"])
    let policy = try #require((json["policies"] as? [[String: Any]])?.first)
    #expect(policy["policy"] as? String == "local")
    #expect(policy["sha256"] is NSNull && policy["training_seed"] is NSNull)
    let returns = try #require(policy["episode_returns"] as? [Double])
    let statistics = try #require(policy["return"] as? [String: Any])
    #expect(returns.count == 3)
    #expect(abs((statistics["mean"] as? Double ?? 0) - returns.reduce(0, +) / 3) < 1e-12)
    #expect((statistics["ci95"] as? [Double])?.count == 2)
    #expect(Set(statistics.keys) == ["mean", "sd", "median", "iqm", "ci95"])
    let groups = try #require(policy["groups"] as? [String: [String: Double]])
    #expect(abs((groups["vehicle"]?["mean"] ?? 0) - (statistics["mean"] as? Double ?? 1)) < 1e-12)
    let metrics = try #require(policy["metrics"] as? [String: Any])
    for name in ["latency_mean_s", "latency_p95_s", "deadline_miss_ratio", "energy_per_task_j"] {
      #expect(metrics[name] is Double, "\(name)")
    }
  }

  @Test func `hidden fields change what is seen and nothing else`() async throws {
    let whole = try scenario("classic-control/CartPole-v1")
    let positions = try scenario("classic-control/CartPole-v1-positions")
    let one = try await Evaluation.run(whole, policies: ["random"], episodes: 20, seed: 3, workers: 1)
    let other = try await Evaluation.run(positions, policies: ["random"], episodes: 20, seed: 3, workers: 1)
    #expect(one.entries[0].statistics.mean == other.entries[0].statistics.mean)
  }

  @Test func `a yardstick shows the listed fields, all by default, and says which name is no field`() throws {
    func world(_ line: String) throws -> PartlyObserved<TimeLimited<CartPole>> {
      let text = "time_limit_steps: 500\n\(line)\n"
      var root = try ConfigurationDocument(text: text, name: "a.yaml", directory: "/").root()
      return try YardstickFamily<CartPole>.makeWorld(id: "a", from: &root)
    }
    let shown = try world("observed: [pole_angle, cart_position]")
    #expect(shown.groups[0].observation.fields.map(\.name) == ["cart_position", "pole_angle"])
    #expect(checkEnvironment(shown) == [])
    #expect(try world("").groups == CartPole().groups)
    let error = #expect(throws: ConfigurationError.self) { try world("observed: [pole_angel]") }
    #expect(error?.description.hasPrefix("a.yaml:2: observed.0: found 'pole_angel'") == true)
    #expect(error?.description.hasSuffix("did you mean 'pole_angle'?") == true)
  }

  @Test func `figures without meaning are null, and yardsticks know random only`() async throws {
    let scenario = try scenario("classic-control/CartPole-v1")
    #expect(scenario.ruleNames == ["random"])
    let evaluation = try await Evaluation.run(
      scenario, policies: ["random"], episodes: 40, seed: 0, workers: 2)
    let mean = evaluation.entries[0].statistics.mean
    #expect((15...30).contains(mean), "a random cart falls after some 22 steps, not \(mean)")
    let metrics = evaluation.entries[0].metrics
    #expect(metrics.map(\.name).contains("latency_p95_s"))
    #expect(metrics.allSatisfy { $0.value == nil })
    let failure = await #expect(throws: Failure.self) {
      try await Evaluation.run(scenario, policies: ["local"], episodes: 1, seed: 0, workers: 1)
    }
    #expect(failure?.code == .usage)
    #expect(failure?.description.contains("random") == true)
  }

  @Test func `all policies of an evaluation face the same worlds`() async throws {
    let scenario = try scenario("vehicular/trace-offloading", ["scenario.time.steps=30"])
    let evaluation = try await Evaluation.run(
      scenario, policies: ["local", "cloud", "random"], episodes: 5, seed: 1, workers: 2)
    let loads = evaluation.entries.map { entry in entry.metrics.first { $0.name == "tasks_per_step" }?.value }
    #expect(loads[0] != nil && loads[0] == loads[1] && loads[1] == loads[2])
  }

  @Test(arguments: ["highway", "trace"])
  func `every rule earns with hybrid actions what it earns with discrete ones, to the bit`(name: String) async throws {
    let discrete = try scenario("vehicular/\(name)-offloading", ["scenario.time.steps=60"])
    let hybrid = try scenario("vehicular/\(name)-offloading-hybrid", ["scenario.time.steps=60"])
    let rules = discrete.ruleNames.filter { $0 != "random" }
    #expect(hybrid.ruleNames == discrete.ruleNames && rules.count == 14)
    let one = try await Evaluation.run(discrete, policies: rules, episodes: 3, seed: 2, workers: 1)
    let other = try await Evaluation.run(hybrid, policies: rules, episodes: 3, seed: 2, workers: 1)
    for (entry, twin) in zip(one.entries, other.entries) {
      #expect(entry.returns.map(\.bitPattern) == twin.returns.map(\.bitPattern), "\(entry.policy)")
      #expect(entry.metrics.map(\.value) == twin.metrics.map(\.value), "\(entry.policy)")
    }
    #expect(one.entries.allSatisfy { $0.statistics.mean < 0 })
  }

  @Test func `searches act where they are named, are not among all, and say when a world is too large`() async throws {
    let small = try scenario(
      "vehicular/highway-offloading",
      ["scenario.time.steps=6", "scenario.mobility.slots=2", "scenario.units.choices=1"])
    let searches = ["exhaustive", "best-response", "genetic", "particle-swarm"]
    #expect(small.ruleNames.allSatisfy { !searches.contains($0) })
    let evaluation = try await Evaluation.run(
      small, policies: searches + ["greedy-cost"], episodes: 2, seed: 0, workers: 1)
    #expect(evaluation.entries.map(\.seesMore) == [true, true, true, true, false])
    let far = try await Evaluation.run(small, policies: ["exhaustive@3"], episodes: 1, seed: 0, workers: 1)
    #expect(far.entries[0].policy == "exhaustive@3" && far.entries[0].seesMore)
    let greedy = try await Evaluation.run(
      small, policies: ["greedy-cost", "genetic@6:greedy-cost", "best-response@2:random"], episodes: 2, seed: 0,
      workers: 1)
    for (base, found) in zip(greedy.entries[0].returns, greedy.entries[1].returns) { #expect(found >= base - 1e-12) }
    let unknown = await #expect(throws: Failure.self) {
      try await Evaluation.run(small, policies: ["genetic@2:wise"], episodes: 1, seed: 0, workers: 1)
    }
    #expect(unknown?.description.contains("no rule 'wise' to play on with") == true)
    for wrong in ["genetic@0", "genetic@much", "genetic@"] {
      let failure = await #expect(throws: Failure.self) {
        try await Evaluation.run(small, policies: [wrong], episodes: 1, seed: 0, workers: 1)
      }
      #expect(failure?.description.contains("how many steps a trial plays") == true)
    }
    let failure = await #expect(throws: Failure.self) {
      try await Evaluation.run(
        try scenario("vehicular/highway-offloading"), policies: ["exhaustive"], episodes: 1, seed: 0, workers: 1)
    }
    #expect(failure?.code == .usage)
    #expect(failure?.description.contains("take fewer agents") == true)
  }

  @Test func `rewards of a rollout add up to the return of the same episode`() async throws {
    let folder = try TemporaryFolder()
    let scenario = try scenario("vehicular/highway-offloading", ["scenario.time.steps=50"])
    let output = "\(folder.path)/rollout.csv"
    let result = try Rollout.write(scenario, policy: "greedy", seed: 9, to: output)
    let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
    let header = lines[0].split(separator: ",").map(String.init)
    let reward = try #require(header.firstIndex(of: "reward"))
    let active = try #require(header.firstIndex(of: "active_agents"))
    var total = 0.0
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      total += (Double(cells[reward]) ?? .nan) / (Double(cells[active]) ?? .nan)
    }
    #expect(lines.count - 1 == result.rows)
    #expect(abs(total - result.total) < 1e-9 * abs(total))
    let evaluation = try await Evaluation.run(
      scenario, policies: ["greedy"], episodes: 1, seed: 9, workers: 1)
    #expect(evaluation.entries[0].returns == [result.total])
  }

  @Test func `a rollout has the columns of the contract`() throws {
    let folder = try TemporaryFolder()
    let output = "\(folder.path)/rollout.csv"
    let scenario = try scenario("vehicular/trace-offloading", ["scenario.time.steps=5"])
    _ = try Rollout.write(scenario, policy: "random", seed: 0, to: output)
    let header = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")[0]
    let contract =
      "step,time_s,agent,x_m,y_m,target,distance_m,los,path_loss_db,shadowing_db,fading_power,tx_power_dbm,"
      + "bandwidth_hz,interference_w,noise_w,sinr_db,rate_bps,task_bits,task_cycles,cpu_hz,upload_s,backhaul_s,"
      + "wait_s,compute_s,latency_s,deadline_s,energy_j,reward"
    #expect(header.hasPrefix(contract))
  }
}
