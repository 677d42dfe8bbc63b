import EdgeCloud
import Randomness
import ReinforcementLearning
public import Snapshots

/// What a snapshot holds: the seed, from which movements and draws follow, and what has come of the decisions.
extension SpectrumSharing {
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: world.seed)
    snapshot.set("step", integer: step)
    let saved = field.saved
    snapshot.set("pair_start", saved.pairStart)
    snapshot.set("pair_other", saved.pairOther)
    snapshot.set("pair_shadowing", saved.pairProcess)
    snapshot.set("base_shadowing", saved.base)
    snapshot.set("left_bits", left_bits)
    snapshot.set("interference_w", air.interference_W)
    snapshot.set("latencies_s", latencies_s)
    snapshot.set(
      "tally",
      [
        tally.payloads, tally.delivered, tally.energy_J, tally.uplinkEfficiency, tally.linkEfficiency,
        tally.sendingSlots, tally.distance_m, tally.pathLoss_dB, tally.clear,
      ])
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    let step = try snapshot.integer("step")
    guard (0...parameters.steps).contains(step) else {
      throw snapshot.mismatch("step", expected: "a slot of an episode of \(parameters.steps)", found: "\(step)")
    }
    copy.reset(seed: try snapshot.unsigned("seed"))
    copy.step = step
    let isRestored = copy.field.restore(
      pairStart: try snapshot.int32s("pair_start"), pairOther: try snapshot.int32s("pair_other"),
      pairProcess: try snapshot.doubles("pair_shadowing"), base: try snapshot.doubles("base_shadowing"),
      period: copy.period, plan: copy.plan)
    guard isRestored else {
      throw snapshot.mismatch("pair_other", expected: "the pairs of \(parameters.vehicles) vehicles", found: "others")
    }
    copy.left_bits = try snapshot.doubles("left_bits", count: parameters.vehicles)
    copy.air.restore(
      interference_W: try snapshot.doubles("interference_w", count: parameters.vehicles * parameters.radio.blocks))
    copy.latencies_s.append(contentsOf: try snapshot.doubles("latencies_s"))
    let sums = try snapshot.doubles("tally", count: 9)
    copy.tally.payloads = sums[0]
    copy.tally.delivered = sums[1]
    copy.tally.energy_J = sums[2]
    copy.tally.uplinkEfficiency = sums[3]
    copy.tally.linkEfficiency = sums[4]
    copy.tally.sendingSlots = sums[5]
    copy.tally.distance_m = sums[6]
    copy.tally.pathLoss_dB = sums[7]
    copy.tally.clear = sums[8]
    copy.drawFading()
    self = copy
  }

  /// Becomes a copy of a world of the same scenario. Only movements, which never change, are shared with it.
  public mutating func assign(from other: SpectrumSharing) {
    precondition(
      parameters.vehicles == other.parameters.vehicles && parameters.radio.blocks == other.parameters.radio.blocks,
      "a world of \(parameters.vehicles) vehicles and \(parameters.radio.blocks) blocks cannot become a copy of one "
        + "of \(other.parameters.vehicles) and \(other.parameters.radio.blocks)")
    (world, plan, step, settledStep, tally) = (
      other.world, other.plan, other.step, other.settledStep, other.tally
    )
    field.assign(from: other.field)
    for vehicle in 0..<parameters.vehicles {
      keys[vehicle] = other.keys[vehicle]
      left_bits[vehicle] = other.left_bits[vehicle]
      settledFacts[vehicle] = other.settledFacts[vehicle]
    }
    for index in ownFading.indices { ownFading[index] = other.ownFading[index] }
    for index in terms.indices { terms[index] = other.terms[index] }
    air.assign(from: other.air)
    sent.assign(from: other.sent)
    uplink.assign(from: other.uplink)
    latencies_s.removeAll(keepingCapacity: true)
    latencies_s.append(contentsOf: other.latencies_s)
  }
}
