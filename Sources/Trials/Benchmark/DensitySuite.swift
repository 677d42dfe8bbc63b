import VehicularEdge

extension Benchmark {
  /// Slots of one scenario as its vehicles and its grid grow at one density, and what each pair in range costs.
  ///
  /// The grid has k × k blocks and one vehicle per 546 m of lane; a vehicle's range of 500 m holds the same number
  /// of others whatever k, but for the edge. Positions change every 100 ms, as in TR 36.885.
  func measureDensities(in folder: ProjectFolder, _ report: (Row) -> Void) throws(Failure) {
    for (vehicles, blocks) in [(10, 1), (60, 3), (550, 10), (1000, 14), (2500, 22), (5000, 31)] {
      let scenario = try Scenario(
        folder.scenario("Environments/vehicular/tr36885-spectrum-200.yaml"),
        overrides: [
          try Override("mobility.vehicles=\(vehicles)"), try Override("mobility.columns=\(blocks)"),
          try Override("mobility.rows=\(blocks)"), try Override("time.period_slots=100"),
          try Override("time.periods=1"), try Override("payload_bits=16960"),
        ])
      let world = try scenario.makeWorld(VehicularSpectrumFamily.self)
      let pairs = world.hearingPairs
      var stepping = RandomStepping(world, count: 1, isMasked: true)
      let timing = Timing(seconds: seconds, repeats: repeats) { for _ in 0..<$0 { stepping.step() } }
      let name = "\(scenario.id) with \(vehicles) vehicles, \(pairs) pairs in range"
      report(.rate(.densities, name, "steps/s", timing))
      report(.duration(.densities, name, "ns a pair", timing, scale: 1e9 / Double(pairs)))
    }
  }
}
