/// What runs when on every node, with gaps into which later tasks may go.
///
/// Rows of fixed size: of each node the tasks in the order of their starts. Nothing allocates after it was made.
struct NodeTimeline: Sendable, Equatable {
  /// Row-major [nodes × tasks]; only the first ``counts`` of a row mean something.
  private(set) var row: [Int32]
  private(set) var counts: [Int32]
  /// The last end on each node.
  private(set) var last_s: [Double]
  private(set) var start_s: [Double]
  private(set) var finish_s: [Double]
  let tasks: Int

  init(nodes: Int, tasks: Int) {
    self.tasks = tasks
    row = [Int32](repeating: 0, count: nodes * tasks)
    counts = [Int32](repeating: 0, count: nodes)
    last_s = [Double](repeating: 0, count: nodes)
    start_s = [Double](repeating: 0, count: tasks)
    finish_s = [Double](repeating: 0, count: tasks)
  }

  mutating func reset() {
    for index in row.indices { row[index] = 0 }
    for node in counts.indices { (counts[node], last_s[node]) = (0, 0) }
    for task in 0..<tasks { (start_s[task], finish_s[task]) = (0, 0) }
  }

  /// When a node has done all that it was given.
  func free_s(_ node: Int) -> Double { last_s[node] }

  /// The earliest start on a node, at or after a time, of something that lasts so long: in a gap or behind all.
  func earliest_s(on node: Int, from ready_s: Double, lasting duration_s: Double) -> Double {
    var end = 0.0
    for place in 0..<Int(counts[node]) {
      let task = Int(row[node * tasks + place])
      let start = max(end, ready_s)
      if start + duration_s <= start_s[task] { return start }
      end = max(end, finish_s[task])
    }
    return max(end, ready_s)
  }

  /// Puts a task where ``earliest_s(on:from:lasting:)`` found room.
  mutating func place(_ task: Int, on node: Int, start_s start: Double, finish_s finish: Double) {
    start_s[task] = start
    finish_s[task] = finish
    last_s[node] = max(last_s[node], finish)
    var place = Int(counts[node])
    counts[node] += 1
    // What ends at this start comes before; so does what takes no time then.
    while place > 0, start_s[Int(row[node * tasks + place - 1])] > start {
      row[node * tasks + place] = row[node * tasks + place - 1]
      place -= 1
    }
    row[node * tasks + place] = Int32(task)
  }

  mutating func assign(from other: NodeTimeline) {
    for index in row.indices { row[index] = other.row[index] }
    for node in counts.indices { (counts[node], last_s[node]) = (other.counts[node], other.last_s[node]) }
    for task in 0..<tasks {
      start_s[task] = other.start_s[task]
      finish_s[task] = other.finish_s[task]
    }
  }
}
