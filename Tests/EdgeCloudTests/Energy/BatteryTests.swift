import EdgeCloud
import Testing

@Suite struct BatteryTests {
  @Test func `what is drawn is what is gone, and never more than there was`() {
    var battery = Battery(capacity: Joules(500_000), charge: Joules(100))
    #expect(battery.draw(30) == 30 && battery.charge_J == 70 && !battery.isEmpty)
    #expect(battery.draw(0) == 0)
    #expect(battery.draw(71) == 70 && battery.charge_J == 0 && battery.isEmpty)
    #expect(battery.draw(5) == 0 && battery.charge_J == 0)
  }

  @Test func `a battery of 14.8 V and 5 Ah holds 266 kJ`() {
    let battery = Battery(capacity: Joules(14.8 * 5 * 3600))
    #expect((battery.charge_J - 266_400).magnitude < 1e-9)
  }
}
