import EdgeCloud
import TestSupport
import Testing
import Traces

struct WorkflowGraphTests {
  @Test func `the workflow at hand becomes a graph of its published shape`() throws {
    let workflow = try Workflow(contentsOf: "\(project)/Environments/industrial/workflows/epigenomics-97.json.gz")
    let graph = try TaskGraph(workflow, clock: Hertz(2e9))
    #expect(graph.count == 97)
    #expect(graph.edgeCount == 118)
    #expect(graph.depth == 9)
    #expect(graph.width == 23)
    let runtime = graph.cycles.reduce(0, +) / 2e9
    #expect(runtime.rounded() == 2605)
    // From its files: every edge carries what it carries in bytes, eight times.
    #expect(graph.dependencies.map(\.bits) == workflow.edges.map { 8 * $0.bytes })
    #expect(graph.dependencies.allSatisfy { $0.bits > 0 })
  }

  @Test func `tasks in a circle are named with their file`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      """
      {"workflow": {"tasks": [
        {"name": "x", "runtime": 1, "parents": ["z"], "children": ["y"], "files": []},
        {"name": "y", "runtime": 1, "parents": ["x"], "children": ["z"], "files": []},
        {"name": "z", "runtime": 1, "parents": ["y"], "children": ["x"], "files": []}]}}
      """, to: "round.json")
    let workflow = try Workflow(contentsOf: path)
    #expect(
      throws: TraceError(path: path, message: "tasks wait for each other in a circle: x → y → z → x")
    ) { try TaskGraph(workflow, clock: Hertz(1e9)) }
  }
}
