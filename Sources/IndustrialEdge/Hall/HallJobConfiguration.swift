import Configuration
import EdgeCloud

extension HallParameters.Job {
  /// The job of devices that do not exist.
  static let none = HallParameters.Job(
    graph: single, names: ["none"], inputBits: [0], isPinned: [true], edge_s: [1], cloud_s: [1], period_s: 1,
    deadline_s: 1, size: 1...1)

  private static let single: TaskGraph = {
    guard let graph = try? TaskGraph(cycles: [1], dependencies: []) else {
      preconditionFailure("a single task is no graph")
    }
    return graph
  }()

  /// Reads a job: its rhythm, and its tasks, each after those whose results it needs.
  ///
  /// A task has `cycles`, or is an `inference` of a known network: then its times are the published ones of the boards,
  /// and its cycles those that the device's board would take for it at full speed.
  init(from mapping: ConfigurationMapping, on boards: HallParameters.Boards) throws(ConfigurationError) {
    var mapping = mapping
    period_s = try mapping.number("period_s", in: .between(1e-3, 3600))
    deadline_s = try mapping.number("deadline_s", in: .between(1e-3, 3600))
    guard deadline_s <= 1000 * period_s else {
      throw mapping.error("deadline_s", "a deadline of more than 1000 periods of \(period_s) s lets too many jobs wait")
    }
    let low = try mapping.number("size_min", in: .between(1e-3, 1e3), default: 1)
    let high = try mapping.number("size_max", in: .between(1e-3, 1e3), default: 1)
    guard low <= high else { throw mapping.error("size_max", "\(high) is less than size_min, \(low)") }
    size = low...high
    names = []
    inputBits = []
    isPinned = []
    edge_s = []
    cloud_s = []
    var cycles: [Double] = []
    var dependencies: [TaskGraph.Dependency] = []
    for task in try mapping.list("tasks", count: 1...10) {
      var task = task
      let name = try task.text("name")
      guard !names.contains(name) else {
        throw task.error("name", "there is a task '\(name)' already")
      }
      let work = try Self.work(&task, on: boards)
      cycles.append(work.cycles)
      edge_s.append(work.edge_s)
      cloud_s.append(work.cloud_s)
      inputBits.append(try task.number("sensor_bits", in: .between(0, 1e12), default: 0))
      isPinned.append(try task.boolean("on_device", default: false))
      let after = try task.texts("after", default: [])
      let bits = try task.numbers("bits", in: .between(0, 1e12), default: [])
      guard bits.count == after.count else {
        throw task.error(
          "bits", "'after' names \(after.count) tasks, so that \(after.count) numbers are wanted, not \(bits.count)")
      }
      for (index, source) in after.enumerated() {
        guard let number = names.firstIndex(of: source) else {
          let known = names.isEmpty ? "no task stands before this one" : "before this one stand \(names)"
          throw task.error("after", "there is no task '\(source)' to wait for; \(known)")
        }
        guard after.firstIndex(of: source) == index else {
          throw task.error("after", "the task '\(source)' stands twice")
        }
        dependencies.append(TaskGraph.Dependency(from: number, to: names.count, bits: bits[index]))
      }
      names.append(name)
      try task.finish()
    }
    do {
      graph = try TaskGraph(cycles: cycles, dependencies: dependencies)
    } catch {
      throw mapping.error("tasks", error.description)
    }
    try mapping.finish()
  }

  /// The cycles of a task on the device and its times elsewhere.
  private static func work(
    _ task: inout ConfigurationMapping, on boards: HallParameters.Boards
  ) throws(ConfigurationError) -> (cycles: Double, edge_s: Double, cloud_s: Double) {
    guard task.has("inference") else {
      let cycles = try task.number("cycles", in: .between(1, 1e15))
      return (cycles, cycles / boards.edge.cpu_Hz, cycles / boards.cloud.cpu_Hz)
    }
    let model = try task.choice("inference", of: InferenceLatency.Model.self)
    func seconds(_ board: InferenceLatency.Board?, _ place: String) throws(ConfigurationError) -> Double {
      guard let board else {
        throw task.error("inference", "an inference needs to know what it runs on: write \(place)")
      }
      guard let time = InferenceLatency.seconds(model, on: board) else {
        throw task.error(
          "inference", "nobody published how long \(model.rawValue) takes on \(board.rawValue) (\(place))")
      }
      return time
    }
    return (
      try seconds(boards.device.board, "the device's board") * boards.device.cpu_Hz.upperBound,
      try seconds(boards.edge.board, "edge.board"), try seconds(boards.cloud.board, "cloud.board")
    )
  }
}
