import Checkpointing
import Federation
import Glibc
import Policies
import Snapshots

/// The files of a federated run: `last.h5` with the server's state and what acts, and for every client one file with
/// its own state, in the client's folder.
///
/// A client's file is named by the state in it, `last.h5` names the files that belong to it, and what it names is
/// removed only when a newer `last.h5` is there: so that all belong together whenever a process dies.
extension FederatedRun {
  /// Writes the complete state.
  mutating func save() throws(Failure) {
    var own: [(client: Int, bytes: [UInt8])] = []
    for site in sites {
      if marks[site.client] != site.mark { try write(site) }
      own.append((site.client, Array(site.mark.utf8)))
    }
    let all = try exchange.collect(own)
    let policies = try currentPolicies()
    if exchange.isServer, let first = policies.first {
      let texts = all.map { String(decoding: $0.bytes, as: UTF8.self) }
      try translated { try CheckpointFile.write(checkpoint(first.policies, marks: texts), to: lastPath) }
    }
    _ = try exchange.broadcast([1])
    for site in sites {
      marks[site.client] = site.mark
      removeStates(of: site.client, but: site.mark)
    }
  }

  private func write(_ site: Site<Practice, Chosen.Trainee>) throws(Failure) {
    try TextFile.makeFolder(folder(of: site.client))
    var snapshot = origin(of: site.client).released(
      site.policies, step: step, selectionReturn: .nan, evaluation: nil)
    let state = site.snapshot()
    for name in state.names { snapshot[name] = state[name] }
    try translated { try CheckpointFile.write(snapshot, to: statePath(of: site.client, mark: site.mark)) }
  }

  private func statePath(of client: Int, mark: String) -> String { "\(folder(of: client))/state-\(mark).h5" }

  /// Removes the states of a client that no `last.h5` names any more.
  private func removeStates(of client: Int, but mark: String) {
    let kept = "state-\(mark).h5"
    for name in TextFile.names(in: folder(of: client)) where name.hasPrefix("state-") && name != kept {
      TextFile.remove("\(folder(of: client))/\(name)")
    }
  }

  private func checkpoint(_ policies: PolicySet, marks: [String]) -> Snapshot {
    var snapshot = origin.released(policies, step: step, selectionReturn: best.mean ?? .nan, evaluation: nil)
    var part = progressSnapshot
    if let server, exchanges { part.set("server", server.snapshot()) }
    part.set("best", best.snapshot())
    part.set("states", marks)
    part.set("clients", federation.clients.map(\.name))
    part.set("scenarios", federation.clients.map(\.scenario.digest))
    snapshot.set("federation", part)
    if case .group(var progress)? = snapshot["progress"] {
      progress.set("log", log.snapshot())
      snapshot.set("progress", progress)
    }
    return snapshot
  }

  /// Goes back to where `last.h5` was written.
  mutating func resume() throws(Failure) {
    let snapshot = try translated { try CheckpointFile.read(lastPath) }
    do {
      try origin.check(snapshot, path: lastPath)
      let part = try snapshot.group("federation")
      let names = try part.texts("clients")
      guard names == federation.clients.map(\.name),
        try part.texts("scenarios") == federation.clients.map(\.scenario.digest)
      else {
        throw Failure(
          .content,
          "\(lastPath) was written by other clients or in other scenarios of theirs; resume with the files and --set of "
            + "that run, or give another --output")
      }
      var copy = self
      try copy.restoreProgress(from: part)
      try copy.best.restore(from: try part.group("best"))
      if var server = copy.server, exchanges {
        try server.restore(from: try part.group("server"))
        copy.server = server
      }
      try copy.log.restore(from: try snapshot.group("progress").group("log"))
      let marks = try part.texts("states")
      guard marks.count == (federation.isPooled ? 1 : names.count) else {
        throw part.mismatch("states", expected: "a state for each client", found: "\(marks.count) of them")
      }
      for index in copy.sites.indices {
        let client = copy.sites[index].client
        let path = statePath(of: client, mark: marks[client])
        let state = try translated { try CheckpointFile.read(path) }
        do { try copy.sites[index].restore(from: state) } catch { throw Failure(.content, "\(path): \(error)") }
        copy.marks[client] = marks[client]
        // What a process left that died between writing and clearing up.
        removeStates(of: client, but: marks[client])
      }
      self = copy
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.content, "\(lastPath): \(error)")
    }
    if exchange.isServer { try TextFile.write(log.text, to: "\(folder)/metrics.csv") }
  }
}
