import Federation
import Policies
import Randomness
import ReinforcementLearning
import Snapshots

/// A client at its place: its world, its learner, its experience, and what it exchanges with the server.
///
/// What it stores, what it knows of the statistics of its observations, and its random numbers never leave it.
struct Site<Practice: Environment, Trainee: SharingLearner>: Sendable {
  let client: Int
  let name: String
  private(set) var learner: Trainee
  private var vector: VectorEnvironment<Practice>
  /// Steps of its own worlds so far; what its schedules go by.
  private(set) var steps = 0
  /// The round that it works in, its local steps done there, and those that it is to make.
  private(set) var round = -1
  private(set) var done = 0
  private(set) var work = 0
  /// How often it took or gave a model or figures: with ``steps`` it tells its states apart.
  private(set) var revision = 0
  /// Returns of the episodes that ended since ``takeFigures()``, and whether it has worked since.
  private var returns: [Double] = []
  private var hasFigures = false
  /// Rows that it learned from in this round.
  private var samples = 0.0
  private var isStarted = false
  private(set) var link: SiteLink

  /// - Parameters:
  ///   - worlds: where it practises, one after another in turn.
  ///   - seed: of its learner and its episodes.
  init(
    client: Int, name: String, worlds: [Practice], environments: Int, learner: Trainee, seed: UInt64, link: SiteLink
  ) {
    self.client = client
    self.name = name
    self.learner = learner
    self.link = link
    vector = VectorEnvironment(worlds, each: environments, seeds: EpisodeSeeds(.training, seed: seed))
    stepsAtOnce = environments
  }

  /// Local steps that are made at once.
  private let stepsAtOnce: Int

  // MARK: Working

  /// Begins a round: from the model that a message brings, or, where nothing is exchanged, from where it stands.
  mutating func begin(round: Int, steps work: Int, with message: ModelMessage?, _ federation: FederationSettings)
    throws(TransportError)
  {
    self.round = round
    self.work = work
    done = 0
    samples = 0
    revision += 1
    guard let message else { return }
    let model = try link.receive(message)
    learner.adopt(blend(model, contributors: message.contributors, federation), of: federation.shared)
    let strength = federation.makeRule().proximalStrength
    if strength > 0 { learner.holdNear(federation.shared, by: strength) }
  }

  /// What a client goes on with when a model arrives.
  private func blend(_ model: [Float], contributors: Int, _ federation: FederationSettings) -> [Float] {
    let rule = federation.makeRule()
    guard rule.isPersonal, isStarted else { return model }
    let merged = learner.layout(of: federation.shared).mergedCount
    let own = Array(learner.values(of: federation.shared)[..<merged])
    return rule.blend(own: own, merged: Array(model[..<merged]), contributors: contributors) + model[merged...]
  }

  /// Works on until so many local steps of the round are done, or all that it is to make, or a person wants to stop.
  mutating func work(until target: Int) {
    while done < min(target, work), !Interruption.isRequested { advance() }
  }

  private mutating func advance() {
    learner.act(&vector.frame, step: steps)
    link.attack?.corrupt(actions: &vector.frame)
    vector.step()
    link.attack?.corrupt(outcomes: &vector.frame)
    for group in vector.frame.groups.indices {
      for row in 0..<vector.frame.groups[group].rows where vector.frame.groups[group].active[row] { samples += 1 }
    }
    learner.record(vector.frame)
    steps += vector.count
    learner.update(step: steps, advanced: vector.count)
    returns += vector.finishedReturns
    vector.advance()
    done += stepsAtOnce
    isStarted = true
    hasFigures = true
  }

  /// The round's end for a client that took part: its update is made, and kept until it arrives.
  mutating func finish(_ part: RoundPlan.Part, _ federation: FederationSettings) {
    revision += 1
    work = 0
    done = 0
    let values = learner.values(of: federation.shared)
    let merged = learner.layout(of: federation.shared).mergedCount
    link.prepare(values, mergedCount: merged, client: client, round: round, samples: samples, part)
  }

  /// The update that arrives at the end of a round, if there is one.
  mutating func update(arrivingIn round: Int) -> [UInt8]? { link.update(arrivingIn: round) }

  /// The elements of the model that the rule merges.
  func mergedCount(_ shared: SharedParameters) -> Int { learner.layout(of: shared).mergedCount }

  /// Its answer in an exchange of a secure sum of what ``finish(_:_:)`` left to be added.
  ///
  /// Its secrets come from the run's seed, so that a run can be repeated; a deployment draws them from its system.
  mutating func answer(
    _ step: SecureRound.Exchange, _ received: [UInt8], _ settings: SecureAggregation, peers: Int, weight: Double,
    round: Int, seed: UInt64
  ) throws(SecureAggregationError) -> [UInt8] {
    try link.answer(
      step, received, settings, client: client, peers: peers, weight: weight, round: round, seed: seed)
  }

  /// The secure sum is there, or given up.
  mutating func forgetSecret() { link.forgetSecret() }

  // MARK: What others may see

  /// What it would act by with a model, as it has nothing better: blended with what is its own.
  func policies(with model: [Float], contributors: Int, _ federation: FederationSettings) -> PolicySet {
    var copy = learner
    copy.adopt(blend(model, contributors: contributors, federation), of: federation.shared)
    return copy.policies
  }

  /// Returns of episodes that ended and the learner's figures since the last call.
  mutating func takeFigures() -> (returns: [Double], progress: LearningProgress) {
    defer { returns.removeAll(keepingCapacity: true) }
    if hasFigures { revision += 1 }
    hasFigures = false
    return (returns, learner.progress(step: steps))
  }

  mutating func adopt(_ policies: PolicySet) -> String? { learner.adopt(policies) }

  /// What tells its states apart.
  var mark: String { "\(revision)-\(steps)" }
}

extension Site: Restorable {
  /// The learner's groups, `environment`, and `site` with what belongs to the federation.
  func snapshot() -> Snapshot {
    var snapshot = learner.snapshot()
    snapshot.set("environment", vector.snapshot())
    var site = link.snapshot()
    site.set("counts", [steps, round, done, work, revision, isStarted ? 1 : 0, hasFigures ? 1 : 0])
    site.set("samples", real: samples)
    site.set("returns", returns)
    snapshot.set("site", site)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    try copy.learner.restore(from: snapshot)
    try copy.vector.restore(from: try snapshot.group("environment"))
    let site = try snapshot.group("site")
    let counts = try site.integers("counts", count: 7)
    guard counts[0] >= 0, counts[1] >= -1, counts[2...].allSatisfy({ $0 >= 0 }) else {
      throw site.mismatch("counts", expected: "numbers of steps and rounds", found: "\(counts)")
    }
    (copy.steps, copy.round, copy.done) = (counts[0], counts[1], counts[2])
    (copy.work, copy.revision, copy.isStarted) = (counts[3], counts[4], counts[5] == 1)
    copy.hasFigures = counts[6] == 1
    copy.samples = try site.real("samples")
    copy.returns = try site.doubles("returns")
    try copy.link.restore(from: site)
    self = copy
  }
}
