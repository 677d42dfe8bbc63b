import EdgeCloud
import Testing

@Suite struct FactoryHallTests {
  @Test func `the small hall has 18 nodes 20 m apart, the large one 50 m`() {
    for (hall, spacing) in [(FactoryHall.small, 20.0), (.large, 50)] {
      #expect(hall.nodes.count == 18)
      #expect(hall.nodes[0].x_m == spacing / 2 && hall.nodes[0].y_m == spacing / 2)
      #expect(hall.nodes[1].x_m - hall.nodes[0].x_m == spacing)
      #expect(hall.nodes[6].y_m - hall.nodes[0].y_m == spacing)
    }
    #expect(FactoryHall.small.volume_m3 == 72_000 && FactoryHall.small.surface_m2 == 18_000)
    #expect(FactoryHall.large.volume_m3 == 450_000 && FactoryHall.large.surface_m2 == 99_000)
  }

  @Test func `the nearest node is the nearest`() {
    let hall = FactoryHall.small
    #expect(hall.nearestNode(x_m: 11, y_m: 12) == 0)
    #expect(hall.nearestNode(x_m: 119, y_m: 59) == 17)
    #expect(hall.nearestNode(x_m: 20, y_m: 10) == 0)
    #expect(hall.nearestNode(x_m: 20.1, y_m: 10) == 1)
  }
}
