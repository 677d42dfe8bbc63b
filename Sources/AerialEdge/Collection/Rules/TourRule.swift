/// Flies to the sensors one after another in the order of their numbers: of n collectors, each visits every n-th sensor,
/// and goes on when it is within half of the collect radius. It knows where all sensors are.
public struct TourRule: CollectionRule {
  public static let name = "round-robin"
  public static let seesMore = true

  private var turns: [Int]

  public init(collectors: Int) { turns = [Int](repeating: 0, count: collectors) }

  public mutating func begin() {
    for index in turns.indices { turns[index] = 0 }
  }

  public mutating func course(of index: Int, in view: borrowing CollectionView) -> (dx_m: Double, dy_m: Double)? {
    let stops = (view.sensors - index + view.collectors - 1) / view.collectors
    guard stops > 0 else { return nil }
    var next = view.look(at: index + turns[index] % stops * view.collectors, from: index)
    if next.distance_m <= view.collectRadius_m / 2 {
      turns[index] += 1
      next = view.look(at: index + turns[index] % stops * view.collectors, from: index)
    }
    return (next.dx_m, next.dy_m)
  }
}
