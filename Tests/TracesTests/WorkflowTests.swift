import Foundation
import TestSupport
import Testing
import Traces

/// The measured workflows, which are part of no checkout; tests on them say so aloud when they are absent.
private let instances = URL(filePath: #filePath).resolvingSymlinksInPath()
  .appending(path: "../../../../shared/data/wfinstances").standardizedFileURL.path

struct WorkflowTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ text: String) throws -> Workflow {
    try Workflow(contentsOf: folder.write(text, to: "flow.json"))
  }

  /// What is wrong with a file, without its name.
  private func trouble(_ text: String) -> String? {
    do {
      _ = try read(text)
      return nil
    } catch {
      return "\(error)".replacing("\(folder.path)/flow.json", with: "FILE")
    }
  }

  private let good = """
    {"name": "pair", "schemaVersion": "1.5", "workflow": {
      "specification": {
        "tasks": [
          {"id": "b", "name": "B", "parents": ["a"], "children": [], "inputFiles": ["mid", "in"], "outputFiles": []},
          {"id": "a", "name": "A", "parents": [], "children": ["b"], "inputFiles": ["in"], "outputFiles": ["mid", "out"]}],
        "files": [{"id": "in", "sizeInBytes": 7}, {"id": "mid", "sizeInBytes": 100}, {"id": "out", "sizeInBytes": 1}]},
      "execution": {"makespanInSeconds": 12, "tasks": [
        {"id": "a", "runtimeInSeconds": 2.5, "coreCount": 4}, {"id": "b", "runtimeInSeconds": 0}]}}}
    """

  @Test func `reads tasks, run times, cores, and the files that pass between tasks`() throws {
    let workflow = try read(good)
    #expect(workflow.name == "pair" && workflow.makespan_s == 12)
    #expect(workflow.tasks.map(\.id) == ["b", "a"])
    #expect(workflow.tasks.map(\.runtime_s) == [0, 2.5])
    #expect(workflow.tasks.map(\.cores) == [1, 4])
    #expect(workflow.tasks.map(\.externalBytes) == [7, 7])
    #expect(workflow.tasks.map(\.outputBytes) == [0, 101])
    #expect(workflow.edges.map { [Double($0.parent), Double($0.child), $0.bytes] } == [[1, 0, 100]])
  }

  @Test func `reads the layout up to 1.4 to the same workflow`() throws {
    let old = """
      {"name": "pair", "schemaVersion": "1.4", "workflow": {"makespanInSeconds": 12, "tasks": [
        {"name": "B", "id": "b", "type": "compute", "runtimeInSeconds": 0, "parents": ["A"], "children": [],
         "files": [{"link": "input", "name": "mid", "sizeInBytes": 100}, {"link": "input", "name": "in", "size": 7}]},
        {"name": "A", "id": "a", "type": "compute", "runtime": 2.5, "cores": 4, "parents": [], "children": ["b"],
         "files": [{"link": "input", "name": "in", "size": 7}, {"link": "output", "name": "mid", "size": 100},
                   {"link": "output", "name": "out", "size": 1}]}]}}
      """
    let (ours, theirs) = (try read(old), try read(good))
    #expect(ours == theirs)
  }

  @Test func `says what is wrong, where, and on which line`() {
    let cases: [(String, String, String)] = [
      (
        "\"files\": [{\"id\": \"in\"", "\"files\": [{\"id\": \"on\"",
        "FILE:4: workflow.specification.tasks[0].inputFiles[1] is file in, which specification.files does not have"
      ),
      (
        "\"parents\": [\"a\"]", "\"parents\": [\"c\"]",
        "FILE:4: workflow.specification.tasks[0].parents[0] names task c, which is not there"
      ),
      (
        "\"parents\": [\"a\"]", "\"parents\": []",
        "FILE:5: workflow.specification.tasks[1] is task a, which names b as a child that does not name it as a parent"
      ),
      (
        "\"children\": [\"b\"]", "\"children\": []",
        "FILE:4: workflow.specification.tasks[0].parents[0] names a, which does not name b among its children"
      ),
      (
        "\"id\": \"b\", \"name\": \"B\"", "\"id\": \"a\", \"name\": \"B\"",
        "FILE:5: workflow.specification.tasks[1] is task a, which stands twice"
      ),
      (
        "\"sizeInBytes\": 100", "\"sizeInBytes\": -1",
        "FILE:6: workflow.specification.files[1].sizeInBytes must be a number and not negative, not the number -1.0"
      ),
      (
        ", {\"id\": \"b\", \"runtimeInSeconds\": 0}", "",
        "FILE:4: workflow.specification.tasks[0] is task b, for which no run time is given"
      ),
      ("\"runtimeInSeconds\": 2.5", "\"runtime\": 2.5", "FILE:8: workflow.execution.tasks[0] has no runtimeInSeconds"),
      (
        "{\"id\": \"b\", \"runtimeInSeconds\"", "{\"id\": \"x\", \"runtimeInSeconds\"",
        "FILE:8: workflow.execution.tasks[1] is about task x, which workflow.specification.tasks does not have"
      ),
      (
        "\"coreCount\": 4", "\"coreCount\": 0",
        "FILE:8: workflow.execution.tasks[0].coreCount must be at least 1, not 0.0"
      ),
      (
        "\"specification\"", "\"spec\"",
        "FILE:1: workflow has neither specification (WfFormat 1.5 and later) nor tasks (up to 1.4)"
      ),
      ("\"workflow\"", "\"flow\"", "FILE:1: the file has no workflow"),
      ("\"id\": \"mid\"", "\"id\": \"in\"", "FILE:6: workflow.specification.files[1] is file in, which stands twice"),
      (
        "\"parents\": [\"a\"]", "\"parents\": \"a\"",
        "FILE:4: workflow.specification.tasks[0].parents must be a list, not the text \"a\""
      ),
      ("\"name\": \"pair\",", "\"name\": \"pair\"", "FILE:1: is not well-formed JSON: ',' or '}' is wanted, not '\"'"),
    ]
    for (what, with, expected) in cases {
      let text = good.replacing(what, with: with)
      #expect(text != good)
      #expect(trouble(text) == expected)
    }
    #expect(trouble(#"{"workflow": {"tasks": []}}"#) == "FILE:1: workflow has no tasks")
    #expect(throws: TraceError.self) { try Workflow(contentsOf: folder.path + "/none.json") }
  }

  /// Totals of a file by Foundation: run times, sizes of files, edges, bytes on edges.
  private func totals(_ path: String) throws -> (runtime: Double, files: Double, edges: Int, carried: Double) {
    let top = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any]
    let workflow = try #require(top?["workflow"] as? [String: Any])
    let specification = try #require(workflow["specification"] as? [String: Any])
    let files = try #require(specification["files"] as? [[String: Any]])
    let tasks = try #require(specification["tasks"] as? [[String: Any]])
    let runs = try #require((workflow["execution"] as? [String: Any])?["tasks"] as? [[String: Any]])
    let size = try Dictionary(
      uniqueKeysWithValues: files.map { try (#require($0["id"] as? String), #require($0["sizeInBytes"] as? Double)) })
    let byID = try Dictionary(uniqueKeysWithValues: tasks.map { try (#require($0["id"] as? String), $0) })
    var carried = 0.0
    var edges = 0
    for task in tasks {
      for parent in task["parents"] as? [String] ?? [] {
        edges += 1
        let written = Set(byID[parent]?["outputFiles"] as? [String] ?? [])
        carried += written.intersection(task["inputFiles"] as? [String] ?? []).reduce(0) { $0 + (size[$1] ?? 0) }
      }
    }
    return (runs.reduce(0) { $0 + ($1["runtimeInSeconds"] as? Double ?? 0) }, size.values.reduce(0, +), edges, carried)
  }

  @Test(arguments: [
    ("helloworld-forkjoin-10-chameleon", 10, 16, 1029.0), ("bacass-dirt02-001", 11, 14, 3962),
    ("srasearch-chameleon-10a-001", 22, 30, 6997), ("blast-chameleon-small-001", 43, 120, 383),
    ("montage-chameleon-2mass-005d-001", 58, 114, 222), ("generated/blast-50-seed1", 50, 141, 55502),
    ("generated/epigenomics-100-seed2", 97, 118, 2605), ("generated/montage-200-seed3", 196, 496, 46509),
  ])
  func `every measured and generated workflow has its published size`(
    name: String, tasks: Int, edges: Int, runtime: Double
  ) throws {
    let path = "\(instances)/\(name).json"
    guard FileManager.default.fileExists(atPath: path) else {
      print("skipped: \(path) is absent")
      return
    }
    let workflow = try Workflow(contentsOf: path)
    #expect(workflow.tasks.count == tasks)
    #expect(workflow.edges.count == edges)
    let sum = workflow.tasks.reduce(0) { $0 + $1.runtime_s }
    #expect(sum.rounded() == runtime)
    let expected = try totals(path)
    #expect(abs(sum - expected.runtime) < 1e-9 * sum)
    #expect(workflow.edges.count == expected.edges)
    #expect(workflow.edges.reduce(0) { $0 + $1.bytes } == expected.carried)
  }
}
