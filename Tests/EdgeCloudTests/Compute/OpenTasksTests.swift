import AllocationCounting
import EdgeCloud
import Randomness
import Testing

@Suite struct OpenTasksTests {
  @Test func `counts at each place those that have not left`() {
    var stream = RandomStream(seed: 5)
    var tasks = OpenTasks(capacity: 10)
    var all: [(place: Int, exit: Double)] = []
    var now = 0.0
    for _ in 0..<3000 {
      now += stream.exponential()
      let place = stream.integer(below: 3)
      let exit = now + 4 * stream.exponential()
      tasks.add(place: place, exit_s: exit, now_s: now)
      all.append((place, exit))
      let inside = all.filter { $0.exit > now }
      for place in 0..<3 {
        #expect(tasks.count(at: place, after: now) == inside.count { $0.place == place })
      }
      let saved = tasks.inside(after: now)
      #expect(saved.exits_s == inside.map(\.exit) && saved.places == inside.map { Int32($0.place) })
    }
    var other = OpenTasks(capacity: 10)
    other.assign(from: tasks)
    #expect(other == tasks)
    other.reset()
    #expect(other.count(at: 0, after: 0) == 0)
  }

  @Test func `asks for no memory within its capacity`() {
    var stream = RandomStream(seed: 5)
    var tasks = OpenTasks(capacity: 60)
    var now = 0.0
    let before = edgewise_allocations()
    for _ in 0..<5000 {
      now += stream.exponential()
      tasks.add(place: 0, exit_s: now + 4 * stream.exponential(), now_s: now)
    }
    #expect(edgewise_allocations() == before)
  }
}
