import Agents
import Federation
import Policies
import Randomness
import ReinforcementLearning
import Snapshots

/// One seed of a federated experiment on its way: sites that learn, and a server that merges what they learned.
///
/// The same program runs in each process of a transport; a process has the sites that live in it, and the first has the
/// server. The run's clock counts the local steps of a client that takes part in every round. All that decides how it
/// goes on is in the files that ``save()`` writes: a run that was stopped anywhere and resumed ends in the same bytes.
struct FederatedRun<Family: EnvironmentFamily, Chosen: Algorithm, Practice: Environment> {
  let experiment: Experiment
  let federation: FederationSettings
  let seed: UInt64
  let folder: String
  let exchange: SiteExchange
  let workers: Int
  /// Where each client is judged.
  let worlds: [Family.World]
  let origin: TrainingOrigin
  var sites: [Site<Practice, Chosen.Trainee>] = []
  /// In the server's process.
  var server: FederationServer?
  var log: TrainingLog
  var best: BestPolicies
  /// Rounds done.
  private(set) var round = 0
  /// Local steps of the running round that all have done.
  private(set) var offset = 0
  /// Whether the running round's models have been sent.
  private(set) var hasBegun = false
  /// For each client, the first round in which it is free again.
  private(set) var freeFrom: [Int]
  /// How many updates each client has sent.
  private var releases: [Int]
  /// Where each own site's state was last written.
  var marks: [Int: String] = [:]

  /// - Parameters:
  ///   - worlds: the clients' worlds, in their order.
  ///   - practices: what they practise in.
  init(
    _ experiment: Experiment, _ federation: FederationSettings, seed: UInt64, folder: String,
    worlds: [Family.World], practices: [Practice], recipe: Chosen.Recipe, transport: any Transport, workers: Int
  ) {
    self.experiment = experiment
    self.federation = federation
    self.seed = seed
    self.folder = folder
    self.worlds = worlds
    self.workers = workers
    let exchange = SiteExchange(transport)
    self.exchange = exchange
    origin = TrainingOrigin(experiment: experiment, seed: seed, recipe: ResolvedRecipe.text(recipe))
    freeFrom = [Int](repeating: 0, count: worlds.count)
    releases = freeFrom
    best = BestPolicies(clients: worlds.count)
    let streams = RandomStream(seed: seed).split(0x666C)
    let environments = experiment.training.environments
    let members = federation.isPooled ? [Array(worlds.indices)] : worlds.indices.map { [$0] }
    for (client, own) in members.enumerated() where exchange.owns(client) {
      let siteSeed = Self.seed(of: client, seed)
      let learner = Chosen.makeLearner(
        recipe, groups: worlds[own[0]].groups, environments: environments * own.count, seed: siteSeed)
      sites.append(
        Site(
          client: client, name: federation.clients[client].name, worlds: own.map { practices[$0] },
          environments: environments, learner: learner, seed: siteSeed,
          link: SiteLink(
            federation, count: learner.layout(of: federation.shared).mergedCount,
            attack: federation.attack?.attack(of: client, seed: seed), stream: streams.split(1 + UInt64(client)))))
    }
    log = TrainingLog(figures: [])
    guard var first = sites.first else { return }
    log = TrainingLog(
      figures: first.takeFigures().progress.figures.map(\.name) + Self.ownFigures
        + (federation.privacy == nil ? [] : ["privacy_epsilon"]))
    if exchange.isServer { server = makeServer(from: first.learner, stream: streams.split(0)) }
  }

  /// The columns of `metrics.csv` that a federation adds.
  private static var ownFigures: [String] {
    ["round", "merged_updates", "left_out_updates", "refused_updates", "bytes_up", "bytes_down", "bytes_cloud"]
  }

  /// What privacy has cost so far: ε at the experiment's δ, of the client that released most; nil without privacy.
  var privacy: (epsilon: Double, delta: Double)? {
    guard let settings = federation.privacy, let accountant = federation.accountant else { return nil }
    let count = settings.place == .central ? round : releases.max() ?? 0
    return (accountant.epsilon(releases: count, delta: settings.delta), settings.delta)
  }

  private func makeServer(from learner: Chosen.Trainee, stream: RandomStream) -> FederationServer {
    FederationServer(
      model: learner.values(of: federation.shared),
      mergedCount: learner.layout(of: federation.shared).mergedCount, edges: federation.edges,
      makeRule: federation.makeRule, up: federation.up, down: federation.down, staleness: federation.staleness,
      noise: federation.centralNoise, stream: stream)
  }

  /// The seed of a client: the run's own for the first, so that a federation of one is a run without.
  private static func seed(of client: Int, _ seed: UInt64) -> UInt64 {
    guard client > 0 else { return seed }
    var stream = RandomStream(seed: seed).split(0x7369_7465).split(UInt64(client))
    return stream.next()
  }

  /// Local steps that all have done: the run's clock.
  var step: Int { round * federation.localSteps + offset }
  var steps: Int { federation.steps }
  var isComplete: Bool { round >= federation.rounds }
  /// Whether anything is sent between clients and server.
  var exchanges: Bool { !federation.isPooled && federation.makeRule().exchanges }
  /// The site in which a client learns.
  func site(of client: Int) -> Int { federation.isPooled ? 0 : client }

  // MARK: The loop

  /// Trains to the end, or until the person wishes to stop.
  mutating func train(report: (TrainingProgress) -> Void) throws(Failure) {
    let firstStep = step
    func progress(_ isSelection: Bool) -> TrainingProgress {
      TrainingProgress(
        seed: seed, step: step, steps: steps, firstStep: firstStep, lastReturn: best.lastReturn,
        bestReturn: best.mean, isSelection: isSelection)
    }
    while !isComplete {
      let before = step
      if !hasBegun { try beginRound() }
      let target = nextStop
      let workers = workers
      forEach(of: &sites, workers: workers) { _, site in site.work(until: target) }
      if try exchange.anyAgrees(Interruption.isRequested) {
        try save()
        throw Failure(.interrupted, "interrupted at step \(step) of \(steps); continue with --resume")
      }
      offset = target
      if offset == federation.localSteps { try finishRound() }
      let selected = offset == 0 && isSelectionDue
      if selected { try select() }
      if selected || crosses(experiment.training.logEvery, from: before) {
        try writeLog(selected: selected)
        report(progress(selected))
      }
      if crosses(experiment.training.checkpointEvery, from: before) || isComplete { try save() }
    }
  }

  private func crosses(_ interval: Int, from before: Int) -> Bool { step / interval > before / interval }

  /// The next offset at which something is to be written, the round's end at the latest.
  private var nextStop: Int {
    let start = round * federation.localSteps
    let unit = experiment.training.environments
    let stops = [experiment.training.logEvery, experiment.training.checkpointEvery].map { interval in
      let next = (step / interval + 1) * interval - start
      return (next + unit - 1) / unit * unit
    }
    return min(federation.localSteps, stops.min() ?? federation.localSteps)
  }

  /// Selections follow a merge, where there are edges the cloud's.
  private var isSelectionDue: Bool {
    if isComplete { return true }
    let every = experiment.selection.every
    guard federation.edges.count > 1 else {
      return step / every > (step - federation.localSteps) / every
    }
    guard federation.edges.isCloudsTurn(after: round - 1) else { return false }
    let last = (0..<round - 1).last { federation.edges.isCloudsTurn(after: $0) }
    return step / every > (last.map { $0 + 1 } ?? 0) * federation.localSteps / every
  }

  /// The plan of the running round: the same in every process.
  private var plan: RoundPlan {
    guard !federation.isPooled else {
      return RoundPlan(parts: [RoundPlan.Part(client: 0, steps: federation.localSteps, delay: 0, isLost: false)])
    }
    return federation.participation.plan(
      round: round, steps: federation.localSteps, unit: experiment.training.environments, seed: seed
    ) { freeFrom[$0] <= round }
  }

  /// Sends the models to those who take part.
  private mutating func beginRound() throws(Failure) {
    let plan = plan
    var messages: [(client: Int, bytes: [UInt8])] = []
    if exchanges {
      if var server {
        self.server = nil
        messages = plan.parts.map { ($0.client, server.send(to: $0.client).bytes) }
        self.server = server
      }
      messages = try exchange.distribute(messages)
    }
    let parts = Dictionary(uniqueKeysWithValues: plan.parts.map { ($0.client, $0) })
    let bytes = Dictionary(uniqueKeysWithValues: messages.map { ($0.client, $0.bytes) })
    let (round, federation) = (round, federation)
    let failures = FirstFailure()
    forEach(of: &sites, workers: workers) { _, site in
      guard let part = parts[site.client] else { return }
      do throws(TransportError) {
        let message = try bytes[site.client].map { bytes throws(TransportError) in try ModelMessage(bytes: bytes) }
        try site.begin(round: round, steps: part.steps, with: message, federation)
      } catch {
        failures.note("\(site.name): \(error)")
      }
    }
    if let sentence = failures.sentence { throw Failure(.fault, sentence) }
    hasBegun = true
  }

  /// Brings the updates that arrive to the server and merges them.
  private mutating func finishRound() throws(Failure) {
    let (plan, federation) = (plan, federation)
    let parts = Dictionary(uniqueKeysWithValues: plan.parts.map { ($0.client, $0) })
    if exchanges {
      forEach(of: &sites, workers: workers) { _, site in
        if let part = parts[site.client] { site.finish(part, federation) }
      }
      if let secure = federation.secure {
        try sumInSecret(plan, secure)
      } else {
        try collectUpdates()
      }
    }
    for part in plan.parts {
      freeFrom[part.client] = round + part.delay + 1
      if !part.isLost { releases[part.client] += 1 }
    }
    self.round += 1
    offset = 0
    hasBegun = false
  }

  private mutating func collectUpdates() throws(Failure) {
    var own: [(client: Int, bytes: [UInt8])] = []
    for index in sites.indices {
      if let bytes = sites[index].update(arrivingIn: round) { own.append((sites[index].client, bytes)) }
    }
    let arrived = try exchange.collect(own)
    guard var server else { return }
    let judge = judge
    self.server = nil
    server.receive(arrived.map(\.bytes), round: round, weighsSamples: federation.weighsSamples, judge: judge)
    self.server = server
  }

  /// What a rule may ask for: the mean return of a model in the experiment's own world.
  private var judge: ((_ parameters: [Float]) -> Double)? {
    guard type(of: federation.makeRule()).needsJudge, let first = sites.first, let server else { return nil }
    let (world, experiment, federation, seed) = (worlds[0], experiment, federation, seed)
    let moments = server.models[0][first.learner.layout(of: federation.shared).mergedCount...]
    return { parameters in
      let policies = first.policies(with: parameters + moments, contributors: 0, federation)
      return selectionReturn(of: policies, in: world, experiment, seed: seed).total
    }
  }

  // MARK: What is written

  private mutating func writeLog(selected: Bool) throws(Failure) {
    var own: [(client: Int, bytes: [UInt8])] = []
    for index in sites.indices {
      own.append((sites[index].client, SiteReport(taking: &sites[index]).bytes))
    }
    let collected = try exchange.collect(own)
    guard let server else { return }
    let reports = try collected.map { part throws(Failure) in try SiteReport(bytes: part.bytes) }
    if let diverged = collected.indices.first(where: { reports[$0].hasDiverged }) {
      throw Failure(
        .fault,
        "client \(federation.clients[collected[diverged].client].name) of seed \(seed) diverged before step \(step): "
          + "the loss is no finite number; lower algorithm.learning_rate or algorithm.gradient_clip")
    }
    log.ended(reports.flatMap(\.returns))
    let traffic = server.traffic
    let counts = [round, server.merged, server.leftOut, server.refused, traffic.up, traffic.down, traffic.cloud]
    let spent = privacy.map { ["\($0.epsilon)"] } ?? []
    log.addRow(
      step: step, updates: reports.reduce(0) { $0 + $1.updates },
      figures: SiteReport.means(reports), more: counts.map { "\($0)" } + spent,
      selectionReturn: selected ? best.lastReturn : nil)
    try TextFile.write(log.text, to: "\(folder)/metrics.csv")
  }

  /// Goes back to what a file says of the run's progress.
  mutating func restoreProgress(from snapshot: Snapshot) throws {
    let counts = try snapshot.integers("counts", count: 3)
    guard (0...federation.rounds).contains(counts[0]), (0..<federation.localSteps).contains(counts[1]) else {
      throw snapshot.mismatch("counts", expected: "a round and a step of it", found: "\(counts)")
    }
    (round, offset, hasBegun) = (counts[0], counts[1], counts[2] == 1)
    freeFrom = try snapshot.integers("free_from", count: freeFrom.count)
    releases = try snapshot.integers("releases", count: releases.count)
    guard releases.allSatisfy({ (0...federation.rounds).contains($0) }) else {
      throw snapshot.mismatch("releases", expected: "numbers of updates", found: "\(releases)")
    }
  }

  /// What a file must say of the run's progress.
  var progressSnapshot: Snapshot {
    var snapshot = Snapshot()
    snapshot.set("counts", [round, offset, hasBegun ? 1 : 0])
    snapshot.set("free_from", freeFrom)
    snapshot.set("releases", releases)
    return snapshot
  }

  /// Begins from another policy's weights.
  mutating func adopt(_ file: PolicyFile) throws(Failure) {
    for index in sites.indices {
      if let reason = sites[index].adopt(file.policies) {
        throw Failure(.content, "\(file.path) does not fit this experiment: \(reason)")
      }
    }
    if server != nil, let first = sites.first {
      server = makeServer(from: first.learner, stream: RandomStream(seed: seed).split(0x666C).split(0))
    }
  }
}
