import Configuration
import Federation
import Testing

/// The keys of `federation.rule`.
struct RuleKeysTests {
  private func refusal(_ name: String, _ keys: String...) -> String? {
    do {
      _ = try rule(name, keys: keys)
      return nil
    } catch { return "\(error)" }
  }

  @Test func `keys out of range are refused with what is allowed`() {
    let refusals: [(String?, String)] = [
      (refusal("fedprox", "proximal: -1"), "from 0 to 1000000"), (refusal("fedprox"), "proximal"),
      (refusal("fedavgm", "momentum: 1"), "at least 0 and less than 1"),
      (refusal("fedavgm", "server_learning_rate: 0"), "greater than 0"),
      (refusal("fedadam", "beta1: 1"), "less than 1"), (refusal("fedyogi", "tau: 0"), "tau"),
      (refusal("omega-merge"), "omega"), (refusal("omega-merge", "omega: 1.5"), "from 0 to 1"),
      (refusal("trimmed-mean", "trim: 0.5"), "less than 0.5"), (refusal("krum"), "liars"),
      (refusal("krum", "liars: 0.5"), "whole number"), (refusal("multi-krum", "liars: 1", "keep: 0"), "keep"),
      (refusal("bulyan", "liars: -1"), "from 0"), (refusal("fedpg-br", "sigma: 0"), "greater than 0"),
      (refusal("fedpg-br", "sigma: 1", "delta: 1"), "less than 1"), (refusal("fedpg-br", "alpha: 0.2"), "alpha"),
      (refusal("fedpg-br", "alpha: 0.2"), "has no meaning here"),
      (refusal("parameter-evaluation"), "temperature"), (refusal("fedavg", "momentum: 0.9"), "unknown key 'momentum'"),
    ]
    for (sentence, part) in refusals {
      let found = sentence ?? "nothing was refused"
      #expect(found.contains(part))
      #expect(found.contains("experiment.yaml"))
    }
  }

  @Test func `keys that are allowed are read`() {
    #expect(refusal("fedavgm", "server_learning_rate: 0.5", "momentum: 0") == nil)
    #expect(refusal("multi-krum", "liars: 2", "keep: 3") == nil)
    #expect(refusal("fedpg-br", "sigma: 0.5", "batch: 32", "delta: 0.6", "alpha: 0.3") == nil)
    #expect(refusal("fedpg-br") == nil)
  }
}
