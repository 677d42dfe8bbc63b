import EdgeCloud
import Testing

@Suite struct DecibelsTests {
  @Test func `a level in dBm survives the way through watts`() {
    for level in stride(from: -200.0, through: 60, by: 0.37) {
      let back = DecibelMilliwatts(Watts(DecibelMilliwatts(level)))
      #expect((back.value - level).magnitude < 1e-11)
    }
  }

  @Test func `a ratio survives the way through decibels`() {
    for decibels in stride(from: -150.0, through: 150, by: 0.73) {
      #expect((Decibels(ratio: Decibels(decibels).ratio).value - decibels).magnitude < 1e-11)
    }
  }

  @Test func `known levels have their powers`() {
    #expect(Watts(DecibelMilliwatts(0)) == Watts(1e-3))
    #expect(Watts(DecibelMilliwatts(30)) == Watts(1))
    #expect((Watts(DecibelMilliwatts(23)).value - 0.199526231496888).magnitude < 1e-14)
    #expect((Watts(DecibelMilliwatts(-174)).value / 3.98107170553497e-21 - 1).magnitude < 1e-12)
    #expect((DecibelMilliwatts(Watts(0.1)).value - 20).magnitude < 1e-13, "100 mW")
    #expect((Decibels(ratio: 2).value - 3.0102999566398120).magnitude < 1e-14)
  }

  @Test func `levels and gains combine as in a link budget`() {
    let received = DecibelMilliwatts(23) + Decibels(3) - Decibels(100)
    #expect(received == DecibelMilliwatts(-74))
    #expect(received - DecibelMilliwatts(-95) == Decibels(21))
  }
}
