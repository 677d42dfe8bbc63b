import Configuration
import Testing
import Trials

struct AttackSettingsTests {
  private let names = ["north", "south", "east", "west", "centre"]

  private func settings(_ keys: String) throws -> AttackSettings {
    var mapping = try ConfigurationDocument(text: keys, name: "a.yaml", directory: "/").root()
    let settings = try AttackSettings(from: &mapping, clients: names)
    try mapping.finish()
    return settings
  }

  @Test func `named clients lie and the others do not`() throws {
    let settings = try settings("{name: scaled, clients: [west, south], scale: 2}")
    #expect(settings.liars(seed: 1) == [1, 3] && settings.liars(seed: 2) == [1, 3])
    for client in 0..<5 {
      var attack = settings.attack(of: client, seed: 1)
      #expect((attack != nil) == (client == 1 || client == 3))
      var difference: [Float] = [3]
      attack?.corrupt(&difference)
      #expect(difference == (attack == nil ? [3] : [6]))
    }
  }

  @Test func `a share of them is drawn from the seed, each as likely as another`() throws {
    let settings = try settings("{name: sign-flip, share: 0.4}")
    var counts = [Int](repeating: 0, count: 5)
    for seed in 0..<2000 {
      let liars = settings.liars(seed: UInt64(seed))
      #expect(liars.count == 2 && liars == Array(Set(liars)).sorted() && liars == settings.liars(seed: UInt64(seed)))
      for client in liars { counts[client] += 1 }
    }
    for count in counts { #expect(abs(Double(count) - 800) < 5 * (2000 * 0.4 * 0.6).squareRoot()) }
    #expect(try self.settings("{name: sign-flip, share: 0}").liars(seed: 1).isEmpty)
    #expect(try self.settings("{name: sign-flip, share: 1}").liars(seed: 1) == [0, 1, 2, 3, 4])
    #expect(try self.settings("{name: sign-flip, share: 0.2}").liars(seed: 1).count == 1)
  }

  @Test func `every liar and every seed has random numbers of its own`() throws {
    let settings = try settings("{name: random-noise, share: 1}")
    var seen: [[Float]] = []
    for (client, seed) in [(0, 1), (1, 1), (0, 2)] as [(Int, UInt64)] {
      for _ in 0..<2 {
        var (attack, difference) = (settings.attack(of: client, seed: seed), [Float](repeating: 1, count: 4))
        attack?.corrupt(&difference)
        seen.append(difference)
      }
    }
    #expect(seen[0] == seen[1] && seen[2] == seen[3] && seen[4] == seen[5])
    #expect(seen[0] != seen[2] && seen[0] != seen[4] && seen[2] != seen[4])
  }

  @Test(arguments: [
    ("{name: bribe, share: 1}", "'sign-flip'"), ("{name: scaled, clients: [nort]}", "did you mean 'north'?"),
    ("name: scaled", "is missing"), ("{name: scaled, share: 2}", "from 0 to 1"),
    ("{name: scaled, share: 0.5, clients: [north]}", "unknown key 'clients'"),
    ("{name: scaled, share: 0.5, size: 1}", "unknown key 'size'"),
  ])
  func `wrong keys get a sentence`(keys: String, sentence: String) throws {
    let error = #expect(throws: ConfigurationError.self) { _ = try settings(keys) }
    #expect(error.map { "\($0)".contains(sentence) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func `every attack has a name of its own`() {
    let names = Attacks.all.map { $0.name }
    #expect(Set(names) == ["random-noise", "sign-flip", "scaled", "random-action", "reward-poisoning"])
  }
}
