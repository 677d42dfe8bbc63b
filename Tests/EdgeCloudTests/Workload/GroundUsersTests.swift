import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct GroundUsersTests {
  private let area = GroundArea(x_m: -100...300, y_m: 50...250)

  @Test func `a Poisson process given its number is uniform`() {
    let count = 40_000
    var quadrants = [0.0, 0, 0, 0]
    for user in 0..<count {
      let place = GroundUsers.poisson.position(of: UInt64(user), in: WorldDraws(seed: 5), area: area)
      #expect(area.contains(place.x_m, place.y_m))
      quadrants[(place.x_m < 100 ? 0 : 1) + (place.y_m < 150 ? 0 : 2)] += 1
    }
    for number in quadrants { #expect((number - 10_000).magnitude < 4 * 7500.0.squareRoot()) }
  }

  @Test func `clusters are uniform discs inside the area`() {
    let process = GroundUsers.clusters(count: 3, radius_m: 40)
    let world = WorldDraws(seed: 7)
    let centres = (0..<3).map { GroundUsers.centre($0, radius_m: 40, in: world, area: area) }
    for centre in centres {
      #expect(centre.x_m >= -60 && centre.x_m <= 260 && centre.y_m >= 90 && centre.y_m <= 210)
    }
    let count = 30_000
    var (squares, inner) = (0.0, 0)
    for user in 0..<count {
      let place = process.position(of: UInt64(user), in: world, area: area)
      let distance = centres.map { hypot(place.x_m - $0.x_m, place.y_m - $0.y_m) }.min() ?? .infinity
      #expect(distance <= 40 * (1 + 1e-12))
      squares += distance * distance
      inner += distance < 40 * 0.5.squareRoot() ? 1 : 0
    }
    if hypot(centres[0].x_m - centres[1].x_m, centres[0].y_m - centres[1].y_m) > 80 {
      // Half of a disc's area is within R/√2.
      #expect(Double(inner) / Double(count) > 0.48)
    }
    #expect(squares > 0)
  }
}
