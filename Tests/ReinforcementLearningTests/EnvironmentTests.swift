import ReinforcementLearning
import Testing

struct EnvironmentTests {
  @Test func `agents are numbered through the groups`() {
    let world = TaggedWorld(ends: true)
    #expect(world.agentCount == 4)
    #expect(world.firstAgent(ofGroup: 0) == 0 && world.firstAgent(ofGroup: 1) == 3)
  }

  @Test func `the default state is all observations in the order of the groups`() {
    var world = TaggedWorld(ends: true)
    world.reset(seed: 1 << 50 | 77)
    var expected: [Float] = []
    for group in 0..<2 {
      var part = [Float](repeating: 0, count: group == 0 ? 18 : 4)
      var span = part.mutableSpan
      world.observe(group: group, into: &span)
      expected += part
    }
    var state = [Float](repeating: .nan, count: world.stateCount)
    var span = state.mutableSpan
    world.state(into: &span)
    #expect(state == expected)
  }

  @Test func `a cleared outcome says nothing`() {
    var outcome = StepOutcome(agents: 2)
    outcome.rewards[1] = 3
    outcome.terminated[0] = true
    outcome.truncated[1] = true
    outcome.episodeOver = true
    outcome.clear()
    #expect(outcome == StepOutcome(agents: 2))
  }

  @Test func `ratios merge by sums, not by means of ratios`() {
    var metric = Metric("share", .ratio(3, 4))
    metric.merge(Metric("share", .ratio(1, 4)))
    metric.merge(Metric("share", .ratio(0, 2)))
    #expect(metric.value == 0.4)
    #expect(Metric("share", .ratio(0, 0)).value == nil)
  }

  @Test func `quantiles merge by pooling the samples`() {
    var metric = Metric("latency_p50_s", .quantile(0.5, [1, 2, 3]))
    metric.merge(Metric("latency_p50_s", .quantile(0.5, [10])))
    metric.merge(Metric("latency_p50_s", .quantile(0.5, [])))
    #expect(metric.value == 2.5)
    #expect(Metric("latency_p50_s", .quantile(0.5, [])).value == nil)
  }

  @Test func `a quantile interpolates between order statistics as NumPy does`() {
    // NumPy's default: position q · (n − 1) among the sorted samples, linear in between.
    let samples = [7.0, 1, 4, 2, 11]
    for (q, value) in [(0, 1.0), (0.1, 1.4), (0.25, 2), (0.5, 4), (0.6, 5.2), (0.95, 10.2), (1, 11)] {
      #expect(abs(Metric.quantile(q, of: samples) - value) < 1e-12)
    }
    #expect(Metric.quantile(0.3, of: [5]) == 5)
    #expect(abs(Metric.quantile(0.75, of: [-1, 1]) - 0.5) < 1e-15)
  }
}
