import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct WaterFillingTests {
  /// Floors 1, 2 and 4 W: with 2 W the level is 2.5 W, and the third channel stays dry; with 8 W it is 5 W.
  @Test func `fills the lowest channels first`() {
    let two = WaterFilling.powers_W(floors_W: [1, 4, 2], power_W: 2)
    #expect(two == [1.5, 0, 0.5])
    #expect(WaterFilling.powers_W(floors_W: [1, 4, 2], power_W: 8) == [4, 1, 3])
    #expect(WaterFilling.powers_W(floors_W: [1, 4, 2], power_W: 0) == [0, 0, 0])
    #expect(WaterFilling.powers_W(floors_W: [.infinity, 4], power_W: 3) == [0, 3])
    #expect(WaterFilling.powers_W(floors_W: [.infinity], power_W: 3) == [0])
    #expect(WaterFilling.powers_W(floors_W: [], power_W: 3) == [])
  }

  /// The conditions of Karush, Kuhn and Tucker: one marginal rate 1/(a + p) where there is power, none greater elsewhere.
  @Test func `marginal rates are equal where there is power and no greater where there is none`() {
    var stream = RandomStream(seed: 3)
    for _ in 0..<500 {
      let count = 1 + stream.integer(below: 12)
      let floors = (0..<count).map { _ in exp(4 * stream.uniform() - 2) }
      let power = exp(6 * stream.uniform() - 3)
      let powers = WaterFilling.powers_W(floors_W: floors, power_W: power)
      #expect((powers.reduce(0, +) / power - 1).magnitude < 1e-9 && powers.allSatisfy { $0 >= 0 })
      let rates = zip(floors, powers).map { 1 / ($0 + $1) }
      let greatest = rates.max() ?? 0
      for (rate, power) in zip(rates, powers) where power > 0 { #expect((rate / greatest - 1).magnitude < 1e-9) }
    }
  }

  @Test func `no other division carries more`() {
    var stream = RandomStream(seed: 4)
    let floors = [0.3, 1, 2.5, 0.8]
    func rate(_ powers: [Double]) -> Double { zip(floors, powers).reduce(0) { $0 + log2(1 + $1.1 / $1.0) } }
    let best = rate(WaterFilling.powers_W(floors_W: floors, power_W: 2))
    for _ in 0..<5000 {
      let parts = floors.map { _ in stream.exponential() }
      let sum = parts.reduce(0, +)
      #expect(rate(parts.map { 2 * $0 / sum }) <= best + 1e-12)
    }
  }
}
