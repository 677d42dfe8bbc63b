import EdgeCloud
import Glibc
import Randomness

/// The link of every device to the node that serves it.
///
/// A fixed device is served by the node with the strongest link, a robot by the nearest. Shadowing and the line-of-sight
/// state of a fixed link are drawn once an episode; a robot's are Gauss–Markov processes over the distance that it
/// drives, drawn anew when another node takes over. All are functions of (seed, device, node, step).
struct HallLinks: Sendable {
  private(set) var x_m: [Double]
  private(set) var y_m: [Double]
  private(set) var node: [Int32]
  private(set) var distance_m: [Double]
  private(set) var isClear: [Bool]
  private(set) var pathLoss_dB: [Double]
  private(set) var shadowing_dB: [Double]
  /// Antenna gains less path loss and shadowing.
  private(set) var gain_dB: [Double]
  /// The processes behind a robot's link; of other devices unused.
  private(set) var shadowProcess: [Double]
  private(set) var clearProcess: [Double]
  private var motions: [RobotMotion]

  private let hall: FactoryHall
  private let model: IndoorFactory
  private let antennaGain_dB: Double
  /// Robots are devices firstRobot ..< endRobot.
  private let firstRobot: Int
  private let endRobot: Int

  init(_ parameters: HallParameters) {
    let controllers = parameters.controllerCount
    let devices = controllers + parameters.robots.count + parameters.inspectors.count
    firstRobot = controllers
    endRobot = controllers + parameters.robots.count
    hall = parameters.hall
    model = parameters.radio.model
    antennaGain_dB = parameters.radio.antennaGain_dB
    let zeros = [Double](repeating: 0, count: devices)
    x_m = zeros
    y_m = zeros
    distance_m = zeros
    pathLoss_dB = zeros
    shadowing_dB = zeros
    gain_dB = zeros
    shadowProcess = zeros
    clearProcess = zeros
    node = [Int32](repeating: 0, count: devices)
    isClear = [Bool](repeating: false, count: devices)
    motions = (0..<parameters.robots.count).map { RobotMotion(robot: $0, speed_mps: parameters.robots.speed_mps) }
  }

  /// Places all devices and draws their first links.
  mutating func reset(in world: WorldDraws) {
    for device in x_m.indices {
      if (firstRobot..<endRobot).contains(device) {
        motions[device - firstRobot].reset(in: hall, world)
        let place = motions[device - firstRobot].position(at: 0)
        x_m[device] = place.x_m
        y_m[device] = place.y_m
        node[device] = -1
        drive(device, moved_m: 0, step: 0, in: world)
      } else {
        let words = world.block(.hallDevice, entity: UInt64(device))
        x_m[device] = hall.length_m * Variate.uniform(words.0)
        y_m[device] = hall.width_m * Variate.uniform(words.1)
        associate(device, in: world)
      }
    }
  }

  /// Finds the strongest node of a fixed device.
  private mutating func associate(_ device: Int, in world: WorldDraws) {
    var strongest = -Double.infinity
    for candidate in hall.nodes.indices {
      let words = world.block(.hallLink, entity: UInt64(device), time: UInt64(candidate))
      let normals = Variate.normals(words.0, words.1)
      let link = link(device, to: candidate, shadow: normals.0, clear: normals.1)
      if link.gain_dB > strongest {
        strongest = link.gain_dB
        set(device, candidate, link)
      }
    }
  }

  private struct State {
    var distance_m: Double
    var isClear: Bool
    var pathLoss_dB: Double
    var shadowing_dB: Double
    var gain_dB: Double
  }

  private func link(_ device: Int, to node: Int, shadow: Double, clear: Double) -> State {
    let dx = x_m[device] - hall.nodes[node].x_m
    let dy = y_m[device] - hall.nodes[node].y_m
    let ground = (dx * dx + dy * dy).squareRoot()
    let isClear = LineOfSight.isClear(
      probability: model.lineOfSightProbability(distance2D_m: ground), process: clear)
    let loss = model.pathLoss_dB(distance3D_m: model.distance3D_m(distance2D_m: ground), lineOfSight: isClear)
    let shadowing = model.shadowingDeviation_dB(lineOfSight: isClear) * shadow
    return State(
      distance_m: ground, isClear: isClear, pathLoss_dB: loss, shadowing_dB: shadowing,
      gain_dB: antennaGain_dB - loss - shadowing)
  }

  private mutating func set(_ device: Int, _ index: Int, _ link: State) {
    node[device] = Int32(index)
    distance_m[device] = link.distance_m
    isClear[device] = link.isClear
    pathLoss_dB[device] = link.pathLoss_dB
    shadowing_dB[device] = link.shadowing_dB
    gain_dB[device] = link.gain_dB
  }

  /// Brings all robots to the time of a step.
  mutating func refresh(step: Int, time_s: Double, in world: WorldDraws) {
    for device in firstRobot..<endRobot {
      let robot = device - firstRobot
      motions[robot].advance(to: time_s, in: hall, world)
      let place = motions[robot].position(at: time_s)
      let dx = place.x_m - x_m[device]
      let dy = place.y_m - y_m[device]
      x_m[device] = place.x_m
      y_m[device] = place.y_m
      drive(device, moved_m: (dx * dx + dy * dy).squareRoot(), step: step, in: world)
    }
  }

  /// Steps the processes of a robot's link over a distance, and all that follows from them.
  private mutating func drive(_ device: Int, moved_m: Double, step: Int, in world: WorldDraws) {
    let nearest = hall.nearestNode(x_m: x_m[device], y_m: y_m[device])
    let isNew = Int(node[device]) != nearest
    let shadowMemory = isNew ? 0 : exp(-moved_m / IndoorFactory.shadowingDecorrelation_m)
    let clearMemory = isNew ? 0 : exp(-moved_m / model.lineOfSightCorrelation_m)
    let words = world.block(
      .hallRobotLink, entity: UInt64(device) &* 4096 &+ UInt64(nearest), time: UInt64(step))
    let normals = Variate.normals(words.0, words.1)
    shadowProcess[device] = Shadowing.step(shadowProcess[device], correlation: shadowMemory, normal: normals.0)
    clearProcess[device] = Shadowing.step(clearProcess[device], correlation: clearMemory, normal: normals.1)
    set(
      device, nearest,
      link(device, to: nearest, shadow: shadowProcess[device], clear: clearProcess[device]))
  }

  /// Takes back the processes of robots that were saved at a step.
  mutating func restore(shadow: [Double], clear: [Double], time_s: Double, in world: WorldDraws) {
    for device in firstRobot..<endRobot {
      let robot = device - firstRobot
      motions[robot].advance(to: time_s, in: hall, world)
      let place = motions[robot].position(at: time_s)
      x_m[device] = place.x_m
      y_m[device] = place.y_m
      shadowProcess[device] = shadow[device]
      clearProcess[device] = clear[device]
      let nearest = hall.nearestNode(x_m: place.x_m, y_m: place.y_m)
      set(device, nearest, link(device, to: nearest, shadow: shadow[device], clear: clear[device]))
    }
  }

  /// Becomes a copy without allocating.
  mutating func assign(from other: HallLinks) {
    for device in x_m.indices {
      x_m[device] = other.x_m[device]
      y_m[device] = other.y_m[device]
      node[device] = other.node[device]
      distance_m[device] = other.distance_m[device]
      isClear[device] = other.isClear[device]
      pathLoss_dB[device] = other.pathLoss_dB[device]
      shadowing_dB[device] = other.shadowing_dB[device]
      gain_dB[device] = other.gain_dB[device]
      shadowProcess[device] = other.shadowProcess[device]
      clearProcess[device] = other.clearProcess[device]
    }
    for robot in motions.indices { motions[robot] = other.motions[robot] }
  }
}
