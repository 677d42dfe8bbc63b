public import EdgeCloud
import Glibc
import Randomness

/// The links between all users and all aircraft: their gains without fast fading, refreshed aircraft by aircraft.
public struct FleetChannel: Sendable, Equatable {
  /// A law of loss.
  public enum Law: Sendable, Equatable {
    /// By elevation.
    case airToGround(AirToGround)
    /// By height and distance; the ground end is as high as a base station.
    case aerialUser(AerialUser)

    /// The lowest altitude, not itself allowed, at which the law holds; nil where it holds at all.
    var lowest_m: Double? {
      switch self {
      case .airToGround: nil
      case .aerialUser(let law): law.scenario.lowest_m
      }
    }
  }

  /// Everything about one link, for those who doubt.
  struct Picture: Sendable, Equatable {
    var ground_m: Double
    var distance_m: Double
    var clearProbability: Double
    /// 1 or 0 where the state is drawn, P(LOS) where the loss is averaged.
    var clear: Double
    var pathLoss_dB: Double
    var shadowing_dB: Double
  }

  let law: Law
  let isDrawn: Bool
  let hasShadowing: Bool
  let userHeight_m: Double
  let antennaGain_dB: Double
  let users: Int
  let field: SpatialField
  /// Power gain, antennas included; [aircraft × users].
  private(set) var gain: [Double]
  /// Square of the distance on the ground; [aircraft × users].
  private(set) var ground2_m2: [Double]
  /// The cells of the fields that links are in; empty where nothing is drawn.
  private var cells: [SpatialField.Cell]

  init(_ parameters: FleetParameters) {
    let radio = parameters.radio
    law = radio.law
    isDrawn = radio.sight == .drawn
    hasShadowing = radio.hasShadowing
    userHeight_m = parameters.users.height_m
    antennaGain_dB = radio.antennaGain_dB
    users = parameters.users.count
    field = SpatialField(purpose: .aerialLink, cell: Metres(radio.fieldCell_m))
    let links = users * parameters.fleet.count
    gain = [Double](repeating: 0, count: links)
    ground2_m2 = [Double](repeating: 0, count: links)
    let nowhere = field.cell(in: WorldDraws(seed: 0), entity: 0, x_m: 0, y_m: 0)
    cells = isDrawn ? [SpatialField.Cell](repeating: nowhere, count: links) : []
  }

  /// Forgets what was drawn in another world.
  mutating func reset(in world: WorldDraws) {
    for link in cells.indices {
      cells[link] = field.cell(in: world, entity: UInt64(link % users), x_m: 0, y_m: 0)
    }
  }

  mutating func assign(from other: FleetChannel) {
    for link in gain.indices {
      gain[link] = other.gain[link]
      ground2_m2[link] = other.ground2_m2[link]
    }
    for link in cells.indices { cells[link] = other.cells[link] }
  }

  /// An aircraft on the ground has no links.
  mutating func silence(_ aircraft: Int) {
    for link in aircraft * users..<(aircraft + 1) * users { gain[link] = 0 }
  }

  /// Brings an aircraft's links to where it and the users are.
  mutating func refresh(
    _ aircraft: Int, at position_m: SIMD3<Double>, x_m: [Double], y_m: [Double], in world: WorldDraws
  ) {
    switch law {
    case .airToGround(let law) where !isDrawn:
      refreshMean(law, aircraft, at: position_m, x_m: x_m, y_m: y_m)
    case .airToGround(let law):
      let rise = position_m.z - userHeight_m
      let surroundings = law.surroundings
      for user in 0..<users {
        let link = aircraft * users + user
        let (dx, dy) = (position_m.x - x_m[user], position_m.y - y_m[user])
        let ground2 = dx * dx + dy * dy
        ground2_m2[link] = ground2
        let probability = law.lineOfSightProbability(
          elevation_deg: AirToGround.elevation_deg(ground_m: ground2.squareRoot(), height_m: rise))
        let values = draws(link, user, dx, dy, in: world)
        let clear = LineOfSight.isClear(probability: probability, process: values.0)
        let excess = clear ? surroundings.clearExcess_dB : surroundings.blockedExcess_dB
        gain[link] = linear(law.freeSpace_dB(distance3D_m: (ground2 + rise * rise).squareRoot()) + excess)
      }
    case .aerialUser(let law):
      let here = law.at(height_m: position_m.z)
      let rise = position_m.z - userHeight_m
      for user in 0..<users {
        let link = aircraft * users + user
        let (dx, dy) = (position_m.x - x_m[user], position_m.y - y_m[user])
        let ground2 = dx * dx + dy * dy
        ground2_m2[link] = ground2
        let probability = here.lineOfSightProbability(distance2D_m: ground2.squareRoot())
        let distance = (ground2 + rise * rise).squareRoot()
        if isDrawn {
          let values = draws(link, user, dx, dy, in: world)
          let clear = LineOfSight.isClear(probability: probability, process: values.0)
          let shadowing = hasShadowing ? here.shadowingDeviation_dB(lineOfSight: clear) * values.1 : 0
          gain[link] = linear(here.pathLoss_dB(distance3D_m: distance, lineOfSight: clear) + shadowing)
        } else {
          let clear = here.pathLoss_dB(distance3D_m: distance, lineOfSight: true)
          let blocked =
            probability < 1 ? here.pathLoss_dB(distance3D_m: distance, lineOfSight: false) : clear
          gain[link] = linear(probability * clear + (1 - probability) * blocked)
        }
      }
    }
  }

  private mutating func refreshMean(
    _ law: AirToGround, _ aircraft: Int, at position_m: SIMD3<Double>, x_m: [Double], y_m: [Double]
  ) {
    law.writeMeanGains(
      x_m: x_m, y_m: y_m, platform_m: SIMD3(position_m.x, position_m.y, position_m.z - userHeight_m),
      antennaGain_dB: antennaGain_dB, from: aircraft * users, gains: &gain, ground2_m2: &ground2_m2)
  }

  private func linear(_ loss_dB: Double) -> Double { exp((antennaGain_dB - loss_dB) * (0.1 * M_LN10)) }

  /// The values of both fields on a link, whose cell is brought up to date.
  private mutating func draws(
    _ link: Int, _ user: Int, _ dx: Double, _ dy: Double, in world: WorldDraws
  ) -> (Double, Double) {
    if !field.isInside(cells[link], x_m: dx, y_m: dy) {
      cells[link] = field.cell(in: world, entity: UInt64(user), x_m: dx, y_m: dy)
    }
    return field.values(cells[link], x_m: dx, y_m: dy)
  }

  /// A link as it is now, from its laws anew.
  func picture(
    user: Int, x_m: Double, y_m: Double, aircraft position_m: SIMD3<Double>, in world: WorldDraws
  ) -> Picture {
    let (dx, dy) = (position_m.x - x_m, position_m.y - y_m)
    let rise = position_m.z - userHeight_m
    let ground = hypot(dx, dy)
    let distance = hypot(ground, rise)
    let cell = field.cell(in: world, entity: UInt64(user), x_m: dx, y_m: dy)
    let values = field.values(cell, x_m: dx, y_m: dy)
    let probability: Double
    let losses: (clear: Double, blocked: Double)
    var deviation: (clear: Double, blocked: Double) = (0, 0)
    switch law {
    case .airToGround(let law):
      probability = law.lineOfSightProbability(
        elevation_deg: AirToGround.elevation_deg(ground_m: ground, height_m: rise))
      losses = (
        law.pathLoss_dB(distance3D_m: distance, lineOfSight: true),
        law.pathLoss_dB(distance3D_m: distance, lineOfSight: false)
      )
    case .aerialUser(let law):
      let here = law.at(height_m: position_m.z)
      probability = here.lineOfSightProbability(distance2D_m: ground)
      losses = (
        here.pathLoss_dB(distance3D_m: distance, lineOfSight: true),
        here.pathLoss_dB(distance3D_m: distance, lineOfSight: false)
      )
      deviation = (here.clearDeviation_dB, here.blockedDeviation_dB)
    }
    let isClear = LineOfSight.isClear(probability: probability, process: values.0)
    let clear = isDrawn ? (isClear ? 1 : 0) : probability
    let blockedPart = clear < 1 ? (1 - clear) * losses.blocked : 0
    return Picture(
      ground_m: ground, distance_m: distance, clearProbability: probability, clear: clear,
      pathLoss_dB: clear * losses.clear + blockedPart,
      shadowing_dB: hasShadowing ? (isClear ? deviation.clear : deviation.blocked) * values.1 : 0)
  }

  /// No link in a space of altitudes has a gain above this one, fast fading aside.
  ///
  /// Losses grow with the distance, which is at least the lowest altitude above the users; those of TR 36.777 fall with
  /// the height at distances above 1 m, and are taken at the highest. Shadowing is at most 8.6 deviations
  /// (``Variate/normals(_:_:)``, of which the fields are weighted means of norm 1 over four) twice over.
  static func greatestGain(_ parameters: FleetParameters) -> Double {
    let radio = parameters.radio
    let altitude = parameters.fleet.altitude_m
    let nearest = max(altitude.lowerBound - parameters.users.height_m, 1)
    let loss: Double
    var deviation = 0.0
    switch radio.law {
    case .airToGround(let law): loss = law.pathLoss_dB(distance3D_m: nearest, lineOfSight: true)
    case .aerialUser(let law):
      let highest = law.at(height_m: altitude.upperBound)
      let within = law.at(height_m: min(altitude.upperBound, law.scenario == .ruralMacro ? 40 : 100))
      let clear = min(
        highest.pathLoss_dB(distance3D_m: nearest, lineOfSight: true),
        within.pathLoss_dB(distance3D_m: nearest, lineOfSight: true))
      let blocked = min(
        highest.pathLoss_dB(distance3D_m: nearest, lineOfSight: false),
        within.pathLoss_dB(distance3D_m: nearest, lineOfSight: false))
      loss = min(clear, blocked)
      let lowest = law.at(height_m: altitude.lowerBound)
      deviation = max(
        lowest.clearDeviation_dB, max(highest.clearDeviation_dB, highest.blockedDeviation_dB))
    }
    let shadowing = radio.hasShadowing ? 2 * 8.6 * deviation : 0
    return exp((radio.antennaGain_dB - loss + shadowing) * (0.1 * M_LN10))
  }
}
