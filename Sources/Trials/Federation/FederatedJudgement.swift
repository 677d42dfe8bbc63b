import Checkpointing
import Configuration
import Federation
import Policies

extension FederatedRun {
  /// Where every client's best policy and all rules of its world are set side by side.
  var clientsPath: String { "\(folder)/clients.csv" }

  /// Judges the best policies beside all rules, each in its client's world: a row for each client and policy, and in the
  /// files of policies that are a client's own, the client's table.
  func judge() async throws(Failure) {
    let episodes = experiment.selection.finalEpisodes
    let isJudged = try exchange.anyAgrees(exchange.isServer && TextFile.exists(clientsPath))
    guard episodes > 0, !isJudged else { return }
    let isCommon = try exchange.broadcast([best.isCommon ? 1 : 0]) == [1]
    var own: [(client: Int, bytes: [UInt8])] = []
    for client in worlds.indices where exchange.owns(site(of: client)) {
      let evaluation = try await evaluate(client, isCommon ? bestPath : bestPath(of: client), episodes)
      own.append((client, Array(evaluation.csv().utf8)))
      if isCommon, client > 0 { continue }
      let path = isCommon ? bestPath : bestPath(of: client)
      let file = try PolicyFile(path)
      let released = origin(of: isCommon ? nil : client).released(
        file.policies, step: file.step, selectionReturn: file.selectionReturn ?? .nan,
        evaluation: evaluation.json(withReturns: false).text())
      // The table of a common policy is of the first client's world.
      try translated { try CheckpointFile.write(released, to: path) }
    }
    let all = try exchange.collect(own)
    guard exchange.isServer else { return }
    var lines: [String] = []
    for part in all {
      let rows = String(decoding: part.bytes, as: UTF8.self).split(separator: "\n")
      if lines.isEmpty, let header = rows.first { lines.append("client,\(header)") }
      lines += rows.dropFirst().map { "\(federation.clients[part.client].name),\($0)" }
    }
    try TextFile.write(lines.joined(separator: "\n") + "\n", to: clientsPath)
  }

  private func evaluate(_ client: Int, _ path: String, _ episodes: Int) async throws(Failure) -> Evaluation {
    let (world, scenario) = (worlds[client], federation.clients[client].scenario)
    var contestants: [Contestant<Family.World>] = []
    for name in [path] + Family.ruleNames(in: world) {
      contestants.append(try Evaluation.contestant(name, Family.self, world, scenarioDigest: scenario.digest))
    }
    return try await Evaluation.run(
      Family.self, scenario, world, contestants, episodes: episodes, seed: seed, workers: 1
    ).naming(first: "policy")
  }
}
