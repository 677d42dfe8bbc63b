import Foundation
import Testing
import Traces

struct TrajectoryTests {
  private let bend = FloatingCarTrace.Trajectory(
    id: "a", times: [10, 12, 13], x: [0, 20, 20], y: [5, 5, -7], speed: [8, 12, 4], angle: [90, 90, 180])

  @Test func `is linear between samples and constant outside`() {
    #expect(bend.position(at: 10) == (0, 5))
    #expect(bend.position(at: 11) == (10, 5))
    #expect(bend.position(at: 12) == (20, 5))
    #expect(bend.position(at: 12.25) == (20, 2))
    #expect(bend.position(at: 13) == (20, -7))
    #expect(bend.position(at: 0) == (0, 5))
    #expect(bend.position(at: 99) == (20, -7))
    #expect(bend.interval == 10...13)
  }

  @Test func `gives the file's speeds, and distance over time without them`() {
    #expect(bend.speed(at: 11) == 10)
    #expect(bend.speed(at: 12.5) == 8)
    let bare = FloatingCarTrace.Trajectory(id: "a", times: bend.times, x: bend.x, y: bend.y)
    #expect(bare.speed(at: 11) == 10)
    #expect(bare.speed(at: 12.5) == 12)
    #expect(bare.speed(at: 99) == 12)
  }

  @Test func `turns the short way round across north`() {
    let turn = FloatingCarTrace.Trajectory(
      id: "a", times: [0, 1, 2], x: [0, 0, 0], y: [0, 1, 2], angle: [350, 20, 350])
    #expect(turn.heading(at: 0) == 350)
    #expect(turn.heading(at: 0.5) == 5)
    #expect(turn.heading(at: 1) == 20)
    #expect(turn.heading(at: 1.5) == 5)
    #expect(turn.heading(at: 2) == 350)
  }

  @Test func `takes the heading from the movement where the file has none`() {
    let path = FloatingCarTrace.Trajectory(
      id: "a", times: [0, 1, 2, 3, 4, 5], x: [0, 0, 3, 3, 3, 0], y: [0, 0, 0, 0, -2, -2])
    #expect(path.heading(at: 0.5) == 90, "stands before it first moves east")
    #expect(path.heading(at: 1.5) == 90)
    #expect(path.heading(at: 2.5) == 90, "stands after it moved east")
    #expect(path.heading(at: 3.5) == 180)
    #expect(path.heading(at: 4.5) == 270)
    let still = FloatingCarTrace.Trajectory(id: "a", times: [0, 1], x: [1, 1], y: [2, 2])
    #expect(still.heading(at: 0.5) == 0)
  }

  @Test(arguments: [(0.0, 0.0, -2.0), (90, -2, 0), (180, 0, 2), (270, 2, 0), (30, -1, -1.7320508075688772)])
  func `finds the centre behind the front bumper`(angle: Double, dx: Double, dy: Double) {
    let car = FloatingCarTrace.Trajectory(
      id: "a", times: [0, 1], x: [7, 7], y: [9, 9], angle: [angle, angle])
    let centre = car.position(at: 0.5, behind: 2)
    #expect(abs(centre.x - (7 + dx)) < 1e-12)
    #expect(abs(centre.y - (9 + dy)) < 1e-12)
  }
}
