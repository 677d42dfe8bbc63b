public import Randomness

/// The halved grid of Liang, Ye and Li: 375 m × 649 m, whole speeds, turns of probability 0.4.
///
/// - Lanes: those of TR 36.885 (blocks of 250 m × 433 m, two lanes of 3.5 m) with every coordinate halved; traffic to
///   the north at x = (250 k + 1.75) / 2 and (250 k + 5.25) / 2, to the south at (250 (k + 1) − 5.25) / 2 and − 1.75,
///   k = 0, 1, 2; to the west and the east alike with 433 in place of 250.
/// - Drop: of each four vehicles one drives to the south, one to the north, one to the west, one to the east, all in
///   lanes of one number; places are whole metres, speeds whole m/s from 10 to 14.
/// - Turns: at every lane that it crosses in a step, those to the west before those to the east (those to the north
///   before those to the south), a vehicle turns into it with probability 0.4.
/// - Edge: a vehicle that has left the grid is put on the outermost lane that leads clockwise: from north to east,
///   east to south, south to west, west to north.
///
/// Source: le-liang/MARLspectrumSharingV2X, with L. Liang, H. Ye, G. Y. Li, IEEE JSAC 37 (2019) 2282. That code lets a
/// vehicle that turns east drive on by the way already driven twice, up to 2.8 m; this one does not. Vehicles may
/// overlap, as there.
public struct Liang2019Traffic: Sendable, Equatable {
  /// The eastern edge.
  public static let width_m = 375.0
  /// The northern edge.
  public static let height_m = 649.0
  /// The probability of a turn at each lane that is crossed.
  public static let turn = 0.4

  /// Traffic on the halved grid.
  public init() {}

  fileprivate static let toNorth = lanes(block: 250, offsets: [1.75, 5.25])
  fileprivate static let toSouth = lanes(block: 250, offsets: [244.75, 248.25])
  fileprivate static let toWest = lanes(block: 433, offsets: [1.75, 5.25])
  fileprivate static let toEast = lanes(block: 433, offsets: [427.75, 431.25])

  private static func lanes(block: Double, offsets: [Double]) -> [Double] {
    (0..<3).flatMap { street in offsets.map { (block * Double(street) + $0) / 2 } }
  }

  fileprivate enum Heading { case south, north, west, east }

  fileprivate struct Car {
    var x_m: Double
    var y_m: Double
    var heading: Heading
    let speed_mps: Double
  }

  /// The movements of as many vehicles as there are slots; steps + 1 + lookahead instants. Entity: the slot.
  public func plan(
    world: WorldDraws, slots: Int, steps: Int, interval_s: Double, lookahead: Int = 0
  ) -> MobilityPlan {
    precondition(steps >= 0 && lookahead >= 0, "a plan needs steps, not \(steps) and \(lookahead) ahead")
    let instants = steps + 1 + lookahead
    var builder = MobilityPlan.Builder(slots: slots, interval_s: interval_s, instants: instants)
    var cars = (0..<slots).map { Self.drop($0, world: world) }
    var present: [MobilityPlan.Vehicle] = []
    for instant in 0..<instants {
      present.removeAll(keepingCapacity: true)
      for index in cars.indices {
        if instant > 0 {
          let words = world.block(.compactGrid, entity: UInt64(index), time: UInt64(instant))
          cars[index].drive(cars[index].speed_mps * interval_s, chance: words)
        }
        present.append(
          MobilityPlan.Vehicle(
            entity: UInt64(index), x_m: cars[index].x_m, y_m: cars[index].y_m, speed_mps: cars[index].speed_mps))
      }
      builder.add(present)
    }
    return builder.finish()
  }

  fileprivate static func drop(_ index: Int, world: WorldDraws) -> Car {
    let lane = Variate.integer(world.block(.compactGrid, entity: UInt64(index / 4) | 1 << 63).0, below: 6)
    let words = world.block(.compactGrid, entity: UInt64(index))
    let x = Double(Variate.integer(words.0, below: Int(width_m)))
    let y = Double(Variate.integer(words.0, below: Int(height_m)))
    let speed = Double(10 + Variate.integer(words.1, below: 5))
    return switch index % 4 {
    case 0: Car(x_m: toSouth[lane], y_m: y, heading: .south, speed_mps: speed)
    case 1: Car(x_m: toNorth[lane], y_m: y, heading: .north, speed_mps: speed)
    case 2: Car(x_m: x, y_m: toWest[lane], heading: .west, speed_mps: speed)
    default: Car(x_m: x, y_m: toEast[lane], heading: .east, speed_mps: speed)
    }
  }
}

extension Liang2019Traffic.Car {
  /// Moves on; each lane that is crossed takes the next of up to eight chances.
  fileprivate mutating func drive(_ way_m: Double, chance: Philox.Block) {
    let chances = [
      chance.0 & 0xFFFF_FFFF, chance.0 >> 32, chance.1 & 0xFFFF_FFFF, chance.1 >> 32, chance.2 & 0xFFFF_FFFF,
      chance.2 >> 32, chance.3 & 0xFFFF_FFFF, chance.3 >> 32,
    ]
    var used = 0
    let isVertical = heading == .north || heading == .south
    let sign = heading == .north || heading == .east ? 1.0 : -1.0
    let from = isVertical ? y_m : x_m
    let options: [(Liang2019Traffic.Heading, [Double])] =
      isVertical
      ? [(.west, Liang2019Traffic.toWest), (.east, Liang2019Traffic.toEast)]
      : [(.north, Liang2019Traffic.toNorth), (.south, Liang2019Traffic.toSouth)]
    for (toward, lanes) in options {
      for lane in lanes {
        let before = sign * (lane - from)
        guard before >= 0, before <= way_m else { continue }
        let drawn = Double(chances[used & 7]) * 0x1p-32
        used += 1
        guard drawn < Liang2019Traffic.turn else { continue }
        let rest = (way_m - before) * (toward == .north || toward == .east ? 1 : -1)
        if isVertical { (x_m, y_m) = (x_m + rest, lane) } else { (x_m, y_m) = (lane, y_m + rest) }
        heading = toward
        keepInside()
        return
      }
    }
    if isVertical { y_m += sign * way_m } else { x_m += sign * way_m }
    keepInside()
  }

  private mutating func keepInside() {
    guard x_m < 0 || y_m < 0 || x_m > Liang2019Traffic.width_m || y_m > Liang2019Traffic.height_m else { return }
    switch heading {
    case .north: (heading, y_m) = (.east, Liang2019Traffic.toEast[5])
    case .south: (heading, y_m) = (.west, Liang2019Traffic.toWest[0])
    case .west: (heading, x_m) = (.north, Liang2019Traffic.toNorth[0])
    case .east: (heading, x_m) = (.south, Liang2019Traffic.toSouth[5])
    }
  }
}

extension WorldDraws.Purpose {
  /// Drop and turns on the halved grid; entity: the vehicle, or its four for their lane's number; time: the step.
  public static let compactGrid = WorldDraws.Purpose(rawValue: 0x112)
}
