public import Traces

extension TaskGraph {
  /// The graph of a workflow: run times as cycles of a processor of the given clock, files as bits.
  ///
  /// A run time counts as it was measured, whatever the cores it used. It throws if tasks wait for each other in a
  /// circle, and names them.
  public init(_ workflow: Workflow, clock: Hertz) throws(TraceError) {
    do throws(TaskGraphError) {
      try self.init(
        cycles: workflow.tasks.map { $0.runtime_s * clock.value },
        dependencies: workflow.edges.map { Dependency(from: $0.parent, to: $0.child, bits: 8 * $0.bytes) })
    } catch {
      throw TraceError(path: workflow.source, message: error.sentence { workflow.tasks[$0].id })
    }
  }
}
