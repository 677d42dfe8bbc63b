import EdgeCloud

/// A job's graph in plain rows, for loops that must not copy more than they read.
struct HallPlan: Sendable {
  let period_s: Double
  let deadline_s: Double
  let size: ClosedRange<Double>
  let cycles: [Double]
  let inputBits: [Double]
  let isPinned: [Bool]
  let edge_s: [Double]
  let cloud_s: [Double]
  let isLast: [Bool]
  /// The tasks in topological order.
  let order: [Int]
  /// Where each task's predecessors begin in ``sources`` and ``bits``; one more at the end.
  let start: [Int]
  let sources: [Int]
  let bits: [Double]

  init(_ job: HallParameters.Job) {
    period_s = job.period_s
    deadline_s = job.deadline_s
    size = job.size
    cycles = job.graph.cycles
    inputBits = job.inputBits
    isPinned = job.isPinned
    edge_s = job.edge_s
    cloud_s = job.cloud_s
    isLast = (0..<job.graph.count).map { job.graph.successors(of: $0).isEmpty }
    order = job.graph.topologicalOrder
    var start = [0]
    var sources: [Int] = []
    var bits: [Double] = []
    for task in 0..<job.graph.count {
      for edge in job.graph.predecessors(of: task) {
        sources.append(job.graph.dependencies[edge].source)
        bits.append(job.graph.dependencies[edge].bits)
      }
      start.append(sources.count)
    }
    self.start = start
    self.sources = sources
    self.bits = bits
  }
}
