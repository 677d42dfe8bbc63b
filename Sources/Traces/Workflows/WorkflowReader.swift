/// Reads both layouts of WfFormat.
enum WorkflowReader {
  /// A task as it stands in the file.
  private struct Entry {
    let field: JSONField
    let id: String
    var name = ""
    var parents: [JSONField] = []
    var children: [JSONField] = []
    var reads: [(file: String, bytes: Double)] = []
    var writes: [(file: String, bytes: Double)] = []
    var runtime_s: Double?
    var cores = 1
  }

  static func read(_ path: String) throws(TraceError) -> Workflow {
    let top = try JSONField(contentsOf: path)
    let workflow = try top.required("workflow")
    var makespan: Double?
    let entries: [Entry]
    if let specification = try workflow.field("specification") {
      let execution = try workflow.field("execution")
      makespan = try execution?.field("makespanInSeconds")?.amount()
      entries = try split(specification, execution)
    } else if try workflow.field("tasks") != nil {
      makespan = try workflow.field("makespanInSeconds", or: "makespan")?.amount()
      entries = try joined(workflow)
    } else {
      throw workflow.trouble("has neither specification (WfFormat 1.5 and later) nor tasks (up to 1.4)")
    }
    guard !entries.isEmpty else { throw workflow.trouble("has no tasks") }
    let edges = try edges(entries)
    var writers: Set<String> = []
    for entry in entries { writers.formUnion(entry.writes.map(\.file)) }
    var tasks: [Workflow.Task] = []
    for entry in entries {
      guard let runtime = entry.runtime_s else {
        throw entry.field.trouble("is task \(entry.id), for which no run time is given")
      }
      tasks.append(
        Workflow.Task(
          id: entry.id, runtime_s: runtime, cores: entry.cores,
          externalBytes: entry.reads.reduce(0) { $0 + (writers.contains($1.file) ? 0 : $1.bytes) },
          outputBytes: entry.writes.reduce(0) { $0 + $1.bytes }))
    }
    let name = try top.field("name")?.string()
    return Workflow(
      name: name ?? "", source: path, tasks: tasks, edges: edges,
      makespan_s: makespan.flatMap { $0 > 0 ? $0 : nil })
  }

  /// Versions 1.5 and later: tasks and files in the specification, run times in the execution.
  private static func split(
    _ specification: JSONField, _ execution: JSONField?
  ) throws(TraceError) -> [Entry] {
    var sizes: [String: Double] = [:]
    for file in try specification.elements("files") {
      let id = try file.required("id").string()
      guard sizes[id] == nil else { throw file.trouble("is file \(id), which stands twice") }
      sizes[id] = try file.required("sizeInBytes").amount()
    }
    var entries: [Entry] = []
    var number: [String: Int] = [:]
    for field in try specification.required("tasks").elements() {
      var entry = try entry(field, id: field.required("id").string())
      for file in try field.elements("inputFiles") { entry.reads.append(try sized(file, sizes)) }
      for file in try field.elements("outputFiles") { entry.writes.append(try sized(file, sizes)) }
      guard number[entry.id] == nil else { throw field.trouble("is task \(entry.id), which stands twice") }
      number[entry.id] = entries.count
      entries.append(entry)
    }
    let runs: [JSONField]
    if let execution { runs = try execution.elements("tasks") } else { runs = [] }
    for field in runs {
      let id = try field.required("id").string()
      guard let index = number[id] else {
        throw field.trouble("is about task \(id), which workflow.specification.tasks does not have")
      }
      guard entries[index].runtime_s == nil else { throw field.trouble("is about task \(id), which stands twice") }
      entries[index].runtime_s = try field.required("runtimeInSeconds").amount()
      entries[index].cores = try cores(field)
    }
    return entries
  }

  /// Versions up to 1.4: everything about a task in its entry; files are `input` or `output` by their link.
  private static func joined(_ workflow: JSONField) throws(TraceError) -> [Entry] {
    var entries: [Entry] = []
    var ids: Set<String> = []
    for field in try workflow.required("tasks").elements() {
      let name = try field.required("name").string()
      let id = try field.field("id")?.string()
      var entry = try entry(field, id: id ?? name)
      entry.name = name
      for file in try field.elements("files") {
        let name = try file.required("name").string()
        guard let size = try file.field("sizeInBytes", or: "size") else {
          throw file.trouble("has no sizeInBytes")
        }
        let bytes = try size.amount()
        let link = try file.required("link")
        switch try link.string() {
        case "input": entry.reads.append((name, bytes))
        case "output": entry.writes.append((name, bytes))
        default: throw link.trouble("must be \"input\" or \"output\", not \(link.value.kind)")
        }
      }
      entry.runtime_s = try field.field("runtimeInSeconds", or: "runtime")?.amount()
      entry.cores = try cores(field)
      guard ids.insert(entry.id).inserted else { throw field.trouble("is task \(entry.id), which stands twice") }
      entries.append(entry)
    }
    return entries
  }

  private static func entry(_ field: JSONField, id: String) throws(TraceError) -> Entry {
    Entry(
      field: field, id: id, parents: try field.elements("parents"), children: try field.elements("children"))
  }

  private static func cores(_ field: JSONField) throws(TraceError) -> Int {
    guard let count = try field.field("coreCount", or: "cores") else { return 1 }
    let cores = try count.amount()
    guard cores >= 1, cores <= 1e6 else { throw count.trouble("must be at least 1, not \(cores)") }
    return Int(cores)
  }

  private static func sized(
    _ field: JSONField, _ sizes: [String: Double]
  ) throws(TraceError) -> (file: String, bytes: Double) {
    let file = try field.string()
    guard let bytes = sizes[file] else {
      throw field.trouble("is file \(file), which specification.files does not have")
    }
    return (file, bytes)
  }

  /// The edges, once parents and children are found to agree.
  private static func edges(_ entries: [Entry]) throws(TraceError) -> [Workflow.Edge] {
    var number: [String: Int] = [:]
    for (index, entry) in entries.enumerated() where number[entry.name] == nil { number[entry.name] = index }
    for (index, entry) in entries.enumerated() { number[entry.id] = index }
    var children = [Set<Int>](repeating: [], count: entries.count)
    for (index, entry) in entries.enumerated() {
      for field in entry.children { children[index].insert(try task(field, number)) }
    }
    var parents = [Set<Int>](repeating: [], count: entries.count)
    for (index, entry) in entries.enumerated() {
      for field in entry.parents {
        let parent = try task(field, number)
        guard children[parent].contains(index) else {
          throw field.trouble("names \(entries[parent].id), which does not name \(entry.id) among its children")
        }
        parents[index].insert(parent)
      }
    }
    var edges: [Workflow.Edge] = []
    for (parent, entry) in entries.enumerated() {
      let written = Dictionary(entry.writes.map { ($0.file, $0.bytes) }, uniquingKeysWith: { first, _ in first })
      for child in children[parent].sorted() {
        guard parents[child].contains(parent) else {
          throw entry.field.trouble(
            "is task \(entry.id), which names \(entries[child].id) as a child that does not name it as a parent")
        }
        let shared = Set(entries[child].reads.map(\.file)).filter { written[$0] != nil }.sorted()
        edges.append(Workflow.Edge(parent: parent, child: child, bytes: shared.reduce(0) { $0 + (written[$1] ?? 0) }))
      }
    }
    return edges
  }

  private static func task(_ field: JSONField, _ number: [String: Int]) throws(TraceError) -> Int {
    let id = try field.string()
    guard let index = number[id] else { throw field.trouble("names task \(id), which is not there") }
    return index
  }
}
