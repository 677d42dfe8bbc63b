import EdgeCloud
import Glibc
public import ReinforcementLearning

/// Circles around the middle of its users at the speed of least power, at a quarter of its share of the area.
public struct CircleRule: Controller {
  /// The rule's name.
  public static let name = "circle"

  private let speed_mps: Double
  private let radius_m: Double

  /// The rule for a world.
  public init(for world: AerialFleet) {
    speed_mps = min(world.parameters.energy.wing.enduranceSpeed_mps, world.parameters.fleet.speed_mps)
    let grid = AerialFleet.grid(world.parameters.fleet.count)
    let area = world.parameters.area
    radius_m = min(area.width_m / Double(grid.columns), area.depth_m / Double(grid.rows)) / 4
  }

  public mutating func begin(seed: UInt64) {}

  public mutating func act(in world: borrowing AerialFleet, _ action: inout JointAction) {
    for aircraft in 0..<world.parameters.fleet.count {
      var command = world.actions.idle
      if let centre = world.centroid(of: aircraft) {
        let here = world.flights[aircraft].position_m
        let spoke = SIMD2(here.x, here.y) - centre
        let angle = atan2(spoke.y, spoke.x) + speed_mps * world.parameters.time.step_s / radius_m
        let place = centre + SIMD2(cos(angle), sin(angle)) * radius_m
        let way = place - SIMD2(here.x, here.y)
        let distance = (way * way).sum().squareRoot()
        if distance > 0 {
          let velocity = way * (speed_mps / distance)
          command.velocity_mps = SIMD3(velocity.x, velocity.y, 0)
        }
      }
      world.actions.write(command, of: aircraft, into: &action)
    }
  }
}
