import EdgeCloud
import Randomness
import Testing

@Suite struct SpatialFieldTests {
  let field = SpatialField(purpose: .aerialLink, cell: Metres(20))

  private func values(_ entity: Int, _ x: Double, _ y: Double) -> (Double, Double) {
    let cell = field.cell(in: WorldDraws(seed: 6), entity: UInt64(entity), x_m: x, y_m: y)
    return field.values(cell, x_m: x, y_m: y)
  }

  @Test(arguments: [(0.0, 0.0), (10, 10), (-33.3, 7.1), (105, -64)])
  func `both fields are standard normal and independent at every place`(x: Double, y: Double) {
    let count = 40_000
    var moments = [0.0, 0, 0, 0, 0]
    for entity in 0..<count {
      let (a, b) = values(entity, x, y)
      moments[0] += a
      moments[1] += b
      moments[2] += a * a
      moments[3] += b * b
      moments[4] += a * b
    }
    let scale = 1 / Double(count)
    let deviation = scale.squareRoot()
    #expect(moments[0].magnitude * scale < 4 * deviation && moments[1].magnitude * scale < 4 * deviation)
    #expect((moments[2] * scale - 1).magnitude < 4 * deviation * 2.0.squareRoot())
    #expect((moments[3] * scale - 1).magnitude < 4 * deviation * 2.0.squareRoot())
    #expect(moments[4].magnitude * scale < 4 * deviation)
  }

  @Test func `the field is continuous from cell to cell and the same when one comes back`() {
    for entity in 0..<50 {
      for (x, y) in [(20.0, 7.0), (-40, 3), (7, 60), (0, 0)] {
        let here = values(entity, x, y)
        let before = values(entity, x - 1e-9, y - 1e-9)
        #expect((here.0 - before.0).magnitude < 1e-7 && (here.1 - before.1).magnitude < 1e-7)
        #expect(values(entity, x, y) == here)
      }
    }
  }

  @Test func `places two cells apart are independent, near ones alike`() {
    let count = 20_000
    var (near, far) = (0.0, 0.0)
    for entity in 0..<count {
      let here = values(entity, 5, 5).0
      near += here * values(entity, 7, 5).0
      far += here * values(entity, 46, 5).0
    }
    #expect(near / Double(count) > 0.95)
    #expect((far / Double(count)).magnitude < 4 / Double(count).squareRoot())
  }
}
