import Foundation
import Snapshots

/// The path of a file in the folder `Fixtures`.
func fixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)").path
}

/// A generator that gives the same numbers in every run: SplitMix64 (Steele, Lea & Flood 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// A snapshot with every type, shape and attribute, small and large arrays, and nested groups.
func variedSnapshot() -> Snapshot {
  var random = SplitMix(state: 7)
  var layer = Snapshot()
  layer.attributes["kind"] = .text("linear")
  layer.attributes["activation"] = .text("größer")
  layer.set("weight", (0..<12_000).map { _ in Float.random(in: -1...1, using: &random) }, shape: [100, 120])
  layer.set("bias", [0.5, -.infinity, .leastNonzeroMagnitude] as [Float])
  var bias = Snapshot.Dataset(.float64([1e300, -0.1]), shape: [2, 1])
  bias.attributes["unit"] = .text("s")
  layer.set("scale", bias)
  var policy = Snapshot()
  policy.set("0", layer)
  policy.set("nothing", Snapshot())
  var random2 = Snapshot()
  random2.set("state", [UInt64.max, 0, 1])
  random2.set("seed", unsigned: .max)
  var replay = Snapshot()
  replay.set("action", (0..<5000).map { Int32($0 % 7) }, shape: [5000])
  replay.set("flags", (0..<300).map { $0 % 3 == 0 }, shape: [3, 100])
  replay.set("none", [] as [Float], shape: [0, 7])
  replay.set("bytes", [UInt8](0...255), shape: [4, 8, 8])
  var root = Snapshot()
  root.attributes["scenario"] = .text(String(repeating: "bandwidth_hz: 1e6 # größer\n", count: 3000))
  root.attributes["steps"] = .integer(.min)
  root.attributes["rate"] = .real(-0.1)
  root.attributes["agents"] = .texts(["a", "", "λ"])
  root.attributes["none"] = .texts([])
  root.set("policy", policy)
  root.set("random", random2)
  root.set("replay", replay)
  root.set("step", integer: -3)
  root.set("loss", real: .pi)
  root.set("name", text: "")
  root.set("labels", ["", "größer λ 🛰️", "b", ""], shape: [2, 2])
  root.set("no labels", [] as [String])
  root.set("times", [Int64.min, .max])
  return root
}

/// A snapshot with an array of floating-point numbers of 20 MB.
func largeSnapshot() -> Snapshot {
  var random = SplitMix(state: 11)
  var snapshot = Snapshot()
  snapshot.set("rows", (0..<5_000_000).map { _ in Float.random(in: -1...1, using: &random) }, shape: [50_000, 100])
  snapshot.set("head", integer: 3)
  return snapshot
}
