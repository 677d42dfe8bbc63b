import Baselines
import EdgeCloud
import ReinforcementLearning
import Testing
import VehicularEdge

@Suite struct RoadsideTransportTests {
  @Test func `nodes and cloud are the computers, each seat's row of advice is over what its task is permitted`() throws
  {
    let scene = RoadsideScene()
    var world = try scene.world(seed: 3)
    let adviser = try #require(TransportAdviser(.init(), for: world))
    var rule = TransportController(for: world)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    var tasks = 0
    for _ in 0..<30 {
      var advice = [Float](repeating: -1, count: world.agentCount * world.groups[0].action.maskCount)
      do {
        var span = advice.mutableSpan
        world.advised(by: adviser).writeAdvice(group: 0, into: &span)
      }
      rule.act(in: world, &action)
      for seat in 0..<world.deciderCount {
        let row = advice[seat * scene.options..<(seat + 1) * scene.options]
        #expect(abs(row.reduce(0, +) - 1) < 1e-5)
        #expect((row.first == 0) == world.isDeciding(seat) && row.allSatisfy { $0 >= 0 })
        guard world.isDeciding(seat) else { continue }
        tasks += 1
        let best = row.indices.filter { row[$0] == row.max() }.map { Int32($0 - row.startIndex) }
        #expect(best.contains(action.discrete[seat]))
        for option in 1..<scene.options {
          let computer = world.computer(of: option, for: seat) ?? -1
          #expect((0...4).contains(computer) && (computer == 4) == (option == scene.options - 1))
          let (service, wait) = (
            world.service_s(of: option, for: seat), world.observedWait_s(at: option, for: seat)
          )
          let servers = computer == 4 ? Double(scene.cloudServers) : 1
          #expect(
            agree(
              world.freeCycles(at: computer, within: wait + 2), servers * 2 * world.cycles(for: seat) / service,
              within: 1e-6))
        }
        #expect(world.computer(of: 1, for: seat) == seat / scene.seats, "a node is the first of its own options")
      }
      world.step(action, outcome: &outcome)
    }
    #expect(tasks > 50)
  }
}
