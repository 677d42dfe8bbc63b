import Configuration
import IndustrialEdge
import Testing

@Suite struct HallConfigurationTests {
  private func sentence(_ overrides: (String, String)..., name: String = "inf-sl") throws -> String {
    do {
      _ = try HallScene(overrides, name: name).parameters()
      return "read"
    } catch let error as ConfigurationError {
      return error.description
    }
  }

  @Test func `what is wrong is said in one sentence`() throws {
    #expect(
      try sentence(("time.step_s", "0.0103")).contains("not a whole number of slots of 0.0005 s"))
    #expect(
      try sentence(("loops.0.interval_s", "0.003")).contains("an interval is a whole number of steps of 0.01 s"))
    #expect(try sentence(("robustness.copies", "[4, 2]")).contains("the copies must rise, but 2 follows 4"))
    #expect(
      try sentence(("actions", "hybrid"), ("robustness.powers_dbm", "[3]"))
        .contains("hybrid actions choose between the lowest and the highest"))
    #expect(
      try sentence(("inspectors.job.tasks.1.after", "[lens]")).contains(
        "there is no task 'lens' to wait for; before this one stand [\"camera\"]"))
    #expect(try sentence(("inspectors.job.tasks.1.bits", "[]")).contains("so that 1 numbers are wanted, not 0"))
    #expect(try sentence(("inspectors.job.tasks.2.name", "camera")).contains("there is a task 'camera' already"))
    #expect(try sentence(("robots.device.clock_shares", "[0.5]")).contains("the last share is the full speed, 1"))
    #expect(try sentence(("radio.subcarrier_spacing_hz", "20e3")).contains("15e3, 30e3, 60e3 and 120e3 Hz are allowed"))
    #expect(
      try sentence(("radio.clutter_height_m", "9"), name: "inf-dh").contains(
        "ends above the devices at 1.5 m and not above the nodes at 8.0 m"))
    #expect(try sentence(("radio.clutter", "xl")).contains("one of 'sl', 'dl', 'sh', 'dh', 'hh'"))
    #expect(
      try sentence(("loops", "[]"), ("robots", "null"), ("inspectors", "null")).contains("are 0 agents"))
    #expect(
      try sentence(("inspectors.job.tasks.1.inference", "ssd-mobilenet-v2")).contains(
        "nobody published how long ssd-mobilenet-v2 takes on embedded-cpu (the device's board)"))
    #expect(
      try sentence(("edge.board", "null")).contains("an inference needs to know what it runs on: write edge.board"))
    #expect(try sentence(("edge.idle_w", "20")).contains("20.0 W idle are more than maximum_w, 15.0"))
    #expect(try sentence(("edge.colour", "3")).contains("unknown key 'colour'"))
    #expect(try sentence() == "read")
  }
}
