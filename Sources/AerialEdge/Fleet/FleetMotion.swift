import EdgeCloud

/// How the aircraft fly through a slot and what it takes.
extension AerialFleet {
  /// Moves all aircraft in their order, draws what flight and computing took, and lands those without charge.
  mutating func fly() {
    let fleet = parameters.fleet
    for aircraft in 0..<fleet.count { open(aircraft) }
    for task in settled where task.computingEnergy_J > 0 {
      settledFlights[task.aircraft].spent.computing_J += task.computingEnergy_J
    }
    for aircraft in 0..<fleet.count where isFlying[aircraft] {
      let state = flights[aircraft]
      var next = motion.advanced(
        state, command_mps: scratch.commands[aircraft].velocity_mps, duration_s: parameters.time.step_s)
      if fleet.avoidance == .held { hold(&next, of: aircraft, from: state) }
      flights[aircraft] = next
      propel(aircraft)
    }
    for aircraft in 0..<fleet.count where isFlying[aircraft] {
      settledFlights[aircraft].breaches = neighbours(of: aircraft)
      tally.breaches += Double(settledFlights[aircraft].breaches)
    }
    for aircraft in 0..<fleet.count { close(aircraft) }
  }

  private mutating func open(_ aircraft: Int) {
    settledFlights[aircraft].before_m = flights[aircraft].position_m
    settledFlights[aircraft].command = scratch.commands[aircraft]
    settledFlights[aircraft].spent = Spending()
    settledFlights[aircraft].propulsion_W = 0
    settledFlights[aircraft].breaches = 0
    settledFlights[aircraft].isFlying = isFlying[aircraft]
  }

  /// Stops an aircraft on its way where it would come too near to another one.
  ///
  /// Those before it have moved already, those after it are where they were: staying is always safe, because it was when
  /// the others moved.
  private func hold(_ next: inout AerialMotion.State, of aircraft: Int, from state: AerialMotion.State) {
    var part = 1.0
    for other in 0..<parameters.fleet.count where other != aircraft && isFlying[other] {
      part = min(
        part,
        AerialMotion.freePart(
          from: state.position_m, to: next.position_m, near: flights[other].position_m,
          distance_m: parameters.fleet.separation_m))
    }
    guard part < 1 else { return }
    let way = next.position_m - state.position_m
    // A hair less, so that rounding does not come too near.
    var held = state.position_m + way * max(part - 1e-9, 0)
    for other in 0..<parameters.fleet.count where other != aircraft && isFlying[other] {
      if isNear(held, flights[other].position_m) { held = state.position_m }
    }
    next.position_m = held
    next.velocity_mps = (held - state.position_m) / parameters.time.step_s
  }

  private func isNear(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Bool {
    let apart = a - b
    return (apart * apart).sum() < parameters.fleet.separation_m * parameters.fleet.separation_m
  }

  private func neighbours(of aircraft: Int) -> Int {
    var count = 0
    for other in 0..<parameters.fleet.count where other != aircraft && isFlying[other] {
      count += isNear(flights[aircraft].position_m, flights[other].position_m) ? 1 : 0
    }
    return count
  }

  /// Draws what the flight of the slot took.
  private mutating func propel(_ aircraft: Int) {
    let (energy, duration) = (parameters.energy, parameters.time.step_s)
    let state = flights[aircraft]
    let power =
      energy.model == .level
      ? energy.wing.power_W(speed_mps: state.groundSpeed_mps)
      : energy.wing.climbing(state.velocity_mps.z, at: state.groundSpeed_mps)
    settledFlights[aircraft].propulsion_W = power
    settledFlights[aircraft].spent.propulsion_J = batteries[aircraft].draw(power * duration)
    settledFlights[aircraft].spent.avionics_J = batteries[aircraft].draw(energy.avionics_W * duration)
  }

  private mutating func close(_ aircraft: Int) {
    let drawn = settledFlights[aircraft].spent
    spent[aircraft].propulsion_J += drawn.propulsion_J
    spent[aircraft].avionics_J += drawn.avionics_J
    spent[aircraft].computing_J += drawn.computing_J
    settledFlights[aircraft].charge_J = batteries[aircraft].charge_J
    settledFlights[aircraft].after_m = flights[aircraft].position_m
    if isFlying[aircraft], batteries[aircraft].isEmpty {
      isFlying[aircraft] = false
      flights[aircraft].position_m.z = 0
      flights[aircraft].velocity_mps = .zero
      channel.silence(aircraft)
      unsee(aircraft)
    }
    if !isFlying[aircraft] { tally.landed += 1 }
  }
}
