import Agents
import Glibc
import NeuralNetworks
import Randomness
import ReinforcementLearning
import Snapshots
import Testing

/// Traps T13 and T14: a whole update against one written out in `Double`.
@Suite struct UpdateTraps {
  private func bench(batch: Int, _ change: (inout DQNConfiguration) -> Void = { _ in }) -> LearningBench {
    var bench = LearningBench()
    bench.recipe.hidden = [3]
    bench.recipe.batchSize = batch
    bench.recipe.loss = .huber(threshold: 1)
    bench.recipe.optimizer = .sgd()
    bench.recipe.learningRate = 0.5
    bench.recipe.gradientClip = 1e6
    bench.recipe.target = .hard(everySteps: 1_000_000)
    bench.recipe.warmupSteps = 40
    change(&bench.recipe)
    return bench
  }

  private func online(_ learner: DQNLearner) throws -> [Float] {
    try learner.snapshot().group("learner").group("walker").group("member-0").floats("online")
  }

  /// Trap T14: no column of a batch is spread over another's rows.
  @Test(arguments: [1, 2, 32], [3, 8] as [UInt64])
  func `an update of any batch is the mean over its rows, each computed by hand`(batch: Int, seed: UInt64) throws {
    let bench = bench(batch: batch)
    var (vector, learner) = bench.start(KnownAnswerWorld.maskedLater(), seed: seed)
    bench.train(&vector, &learner, to: 40)
    let before = try online(learner)
    bench.train(&vector, &learner, from: 40, to: 41)
    let rows = try StoredRows(of: learner)
    #expect(rows.count == 41 && before.count == 2 * 3 + 3 + 3 * 3 + 3)
    #expect(rows.columns.count == TransitionLayout(observations: 2, actions: 1, mask: 3).width)

    var stream = RandomStream(seed: seed).split(2)
    let drawn = (0..<batch).map { _ in rows.twinRow(stream.integer(below: 41), options: 3) }
    let twin = DoubleTwin(before, outputs: 3)
    let after = try online(learner)
    for index in after.indices {
      let slope = drawn.reduce(0) { $0 + twin.gradient($1)[index] } / Double(batch)
      #expect(abs(Double(after[index]) - (twin.parameters[index] - 0.5 * slope)) < 1e-6, "parameter \(index)")
    }
    #expect(zip(before, after).contains { abs($0 - $1) > 1e-3 }, "something moved")
    let figures = learner.progress(step: 41).figures
    let loss = drawn.reduce(0) { $0 + twin.loss($1) } / Double(batch)
    let value = drawn.reduce(0) { $0 + twin.values($1.observation)[$1.action] } / Double(batch)
    #expect(abs(figures[0].value - loss) < 1e-6 && abs(figures[1].value - value) < 1e-6)
    if batch == 32 {
      #expect(drawn.contains { $0.terminated } && drawn.contains { !$0.terminated }, "both kinds of rows")
      #expect(drawn.contains { $0.mask.contains(false) }, "masks")
    }
  }

  /// Trap T10: what is stored is raw; an update reads it by the statistics of its moment.
  @Test func `an update divides rewards and normalises observations by what has been seen until then`() throws {
    let bench = bench(batch: 32) {
      $0.normalization = .running
      $0.scalesRewards = true
    }
    let world = KnownAnswerWorld.maskedLater().inUnits(seenTimes: 300, plus: 2000, worth: 50)
    var (vector, learner) = bench.start(world, seed: 3)
    bench.train(&vector, &learner, to: 40)
    let before = try online(learner)
    bench.train(&vector, &learner, from: 40, to: 41)
    let rows = try StoredRows(of: learner)
    let stored = (0..<41).map { rows.twinRow($0, options: 3) }

    var (running, returns) = (0.0, [Double]())
    for row in stored {
      running = 0.9 * running + row.reward
      returns.append(running)
      if row.terminated { running = 0 }
    }
    let deviation = deviation(returns)
    let sights = stored.map { $0.observation[0] }
    let (centre, spread) = (sights.reduce(0, +) / 41, self.deviation(sights))
    #expect(deviation > 10 && abs(spread - 300) < 30)
    // The second value is always 2,300: shifted by its mean, it is 0.
    func read(_ seen: [Double]) -> [Double] { [(seen[0] - centre) / spread, 0] }

    var stream = RandomStream(seed: 3).split(2)
    let drawn = (0..<32).map { _ in
      var row = stored[stream.integer(below: 41)]
      row.reward /= deviation
      row.observation = read(row.observation)
      row.next = read(row.next)
      return row
    }
    let twin = DoubleTwin(before, outputs: 3)
    let after = try online(learner)
    for index in after.indices {
      let slope = drawn.reduce(0) { $0 + twin.gradient($1)[index] } / 32
      #expect(abs(Double(after[index]) - (twin.parameters[index] - 0.5 * slope)) < 1e-6, "parameter \(index)")
    }
  }

  private func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }

  /// Trap T13: β grows to 1 on a straight line over the training, also after a resume.
  @Test func `β lies on its line at the start, a quarter, the half and the end`() {
    let priority = DQNConfiguration.Priority(exponent: 0.6, initialCorrection: 0.4, steps: 1000, epsilon: 1e-3)
    for (step, beta) in [(0, 0.4), (250, 0.55), (500, 0.7), (1000, 1), (5000, 1)] {
      #expect(abs(priority.correction(at: step) - beta) < 1e-12)
    }
  }

  /// Trap T13: with one row a batch, w = (least / p)^β multiplies its loss; β is that of the step, whether the
  /// learner was restored or not.
  @Test func `the weight of a drawn row multiplies its loss, by the β of the step`() throws {
    var drawnRows: Set<Int> = []
    for seed in 0..<12 as Range<UInt64> {
      for step in [41, 250, 1000] {
        let bench = bench(batch: 1) {
          $0.priority = DQNConfiguration.Priority(
            exponent: 0.6, initialCorrection: 0.4, steps: 1000, epsilon: 1e-3)
        }
        var (vector, learner) = bench.start(KnownAnswerWorld.seenReward(), seed: seed)
        bench.train(&vector, &learner, to: 2)
        let powers = [0.25, 4]
        learner = try restored(learner, bench, weights: powers)
        let before = try online(learner)
        learner.update(step: step, advanced: 1)
        let after = try online(learner)
        let twin = DoubleTwin(before, outputs: 2)
        let beta = 0.4 + 0.6 * Double(step) / 1000
        let rows = try StoredRows(of: learner)
        // The row drawn is the one whose priority is new.
        let drawn = try #require((0..<2).first { rows.priorities[$0] != powers[$0] })
        let row = rows.twinRow(drawn, options: 2)
        let weight = pow(0.25 / powers[drawn], beta)
        for index in after.indices {
          let wanted = twin.parameters[index] - 0.5 * weight * twin.gradient(row)[index]
          #expect(abs(Double(after[index]) - wanted) < 1e-6, "seed \(seed), step \(step), parameter \(index)")
        }
        #expect(abs(rows.priorities[drawn] - pow(abs(twin.error(row)) + 1e-3, 0.6)) < 1e-5)
        drawnRows.insert(drawn)
      }
    }
    #expect(drawnRows == [0, 1])
  }

  /// A learner with other priorities.
  private func restored(_ learner: DQNLearner, _ bench: LearningBench, weights: [Double]) throws -> DQNLearner {
    var snapshot = learner.snapshot()
    var replays = try snapshot.group("replay")
    var group = try replays.group("walker")
    var member = try group.group("member-0")
    var priorities = try member.group("priorities")
    priorities.set("weights", weights)
    member.set("priorities", priorities)
    group.set("member-0", member)
    replays.set("walker", group)
    snapshot.set("replay", replays)
    var other = bench.start(KnownAnswerWorld.seenReward(), seed: 1000).learner
    try other.restore(from: snapshot)
    return other
  }

  /// Trap T13: the documented rule, as the learner applies it.
  @Test(arguments: [1, 3])
  func `a new row has the greatest priority that an error ever had`(steps: Int) throws {
    let bench = bench(batch: 8) {
      $0.priority = DQNConfiguration.Priority(exponent: 0.5, initialCorrection: 0.4, steps: 1000, epsilon: 1e-3)
      $0.returnSteps = steps
    }
    var (vector, learner) = bench.start(KnownAnswerWorld.maskedLater().inUnits(worth: 20), seed: 1)
    bench.train(&vector, &learner, to: 40)
    let fresh = try StoredRows(of: learner)
    #expect(fresh.priorities == [Double](repeating: 1, count: fresh.count))
    bench.train(&vector, &learner, from: 40, to: 60)
    let replay = try learner.snapshot().group("replay").group("walker").group("member-0")
    let greatest = try replay.group("priorities").real("greatest")
    let count = try StoredRows(of: learner).count
    #expect(greatest > 1)
    learner.act(&vector.frame, step: 60)
    vector.step()
    learner.record(vector.frame)
    vector.advance()
    learner.act(&vector.frame, step: 61)
    vector.step()
    learner.record(vector.frame)
    let rows = try StoredRows(of: learner)
    #expect(rows.count > count)
    for row in count..<rows.count { #expect(rows.priorities[row] == pow(greatest, 0.5)) }
  }
}
