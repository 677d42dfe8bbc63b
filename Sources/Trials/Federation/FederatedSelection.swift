import Agents
import Checkpointing
import Configuration
import Federation
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots

/// One client's turn in a selection.
private struct Turn: Sendable {
  let client: Int
  let policies: PolicySet
  var total = 0.0
  var broken: String?
}

extension FederatedRun {
  /// Plays the selection episodes of every client with what it would act by now, and keeps what was never better; the
  /// later of equals.
  mutating func select() throws(Failure) {
    var turns = try currentPolicies().map { Turn(client: $0.client, policies: $0.policies) }
    let (experiment, seed, worlds) = (experiment, seed, worlds)
    forEach(of: &turns, workers: workers) { _, turn in
      (turn.total, turn.broken) = selectionReturn(of: turn.policies, in: worlds[turn.client], experiment, seed: seed)
    }
    if let broken = turns.first(where: { $0.broken != nil }) {
      throw Failure(
        .fault,
        "the simulation of \(federation.clients[broken.client].name) broke its own laws at step \(step): "
          + (broken.broken ?? ""))
    }
    let all = try exchange.collect(
      turns.map { turn in
        var writer = MessageWriter()
        writer.write(turn.total)
        writer.write(part: Array(turn.policies.identity.utf8))
        return (turn.client, writer.bytes)
      })
    var verdict: [UInt8] = []
    if exchange.isServer {
      let (returns, identities) = try Self.read(all)
      let isCommon = Set(identities).count == 1
      verdict = [isCommon ? 1 : 0] + best.take(returns, step: step, isCommon: isCommon).map { $0 ? 1 : 0 }
    }
    verdict = try exchange.broadcast(verdict)
    let isCommon = verdict[0] == 1
    for turn in turns where verdict[1 + turn.client] == 1 {
      if isCommon, turn.client > 0 { continue }
      let path = isCommon ? bestPath : bestPath(of: turn.client)
      let value = isCommon ? best.values.reduce(0, +) / Double(best.values.count) : turn.total
      if !isCommon { try TextFile.makeFolder(folder(of: turn.client)) }
      let released = origin(of: isCommon ? nil : turn.client).released(
        turn.policies, step: step, selectionReturn: value, evaluation: nil)
      try translated { try CheckpointFile.write(released, to: path) }
    }
  }

  private static func read(_ parts: [(client: Int, bytes: [UInt8])]) throws(Failure) -> ([Double], [[UInt8]]) {
    do throws(TransportError) {
      var returns: [Double] = []
      var identities: [[UInt8]] = []
      for part in parts {
        var reader = MessageReader(part.bytes)
        returns.append(try reader.readDouble())
        identities.append(try reader.readPart())
      }
      return (returns, identities)
    } catch {
      throw Failure(.fault, error.description)
    }
  }

  /// What each client that is judged here would act by now.
  func currentPolicies() throws(Failure) -> [(client: Int, policies: PolicySet)] {
    if federation.isPooled {
      return sites.flatMap { site in worlds.indices.map { ($0, site.policies) } }
    }
    guard exchanges else { return sites.map { ($0.client, $0.policies) } }
    var models: [(client: Int, bytes: [UInt8])] = []
    if let server {
      models = worlds.indices.map { client in
        let (values, contributors) = server.model(for: client)
        var writer = MessageWriter()
        writer.write(UInt64(contributors))
        writer.write(values)
        return (client, writer.bytes)
      }
    }
    let own = Dictionary(uniqueKeysWithValues: try exchange.distribute(models).map { ($0.client, $0.bytes) })
    var result: [(client: Int, policies: PolicySet)] = []
    for site in sites {
      guard let bytes = own[site.client] else { continue }
      do throws(TransportError) {
        var reader = MessageReader(bytes)
        let contributors = Int(truncatingIfNeeded: try reader.read(UInt64.self))
        let model = try reader.readFloats(reader.left / 4)
        result.append((site.client, site.policies(with: model, contributors: contributors, federation)))
      } catch {
        throw Failure(.fault, error.description)
      }
    }
    return result
  }

  // MARK: Files

  var lastPath: String { "\(folder)/last.h5" }
  var bestPath: String { "\(folder)/best.h5" }
  func folder(of client: Int) -> String { "\(folder)/clients/\(federation.clients[client].name)" }
  func bestPath(of client: Int) -> String { "\(folder(of: client))/best.h5" }

  /// Where the best policies lie.
  var bestPaths: [String] { best.isCommon ? [bestPath] : worlds.indices.map(bestPath(of:)) }

  /// What files say of where they come from: those of a client of its own scenario.
  func origin(of client: Int?) -> TrainingOrigin {
    guard let client else { return origin }
    var own = origin
    own.scenario = federation.clients[client].scenario
    return own
  }
}

extension Site {
  /// What it acts by without looking at any model.
  var policies: PolicySet { learner.policies }
}

extension PolicySet {
  /// What tells a set of policies from another: a digest of all its numbers.
  var identity: String {
    var writer = MessageWriter()
    for group in groups {
      writer.write(group.normalizer.offset)
      writer.write(group.normalizer.scale)
      for parameters in group.parameters { writer.write(parameters.values) }
    }
    return SHA256.hex(of: writer.bytes)
  }
}
