/// A scientific workflow that was measured or generated: tasks with run times, and the files that they hand on.
///
/// Read from WfFormat, the JSON format of WfCommons: versions 1.5 and 1.6, whose `workflow.specification` holds tasks and
/// files and whose `workflow.execution` holds run times, and the layout up to 1.4, where each entry of `workflow.tasks`
/// holds all of it. Source: T. Coleman, H. Casanova, L. Pottier, M. Kaushik, E. Deelman, R. Ferreira da Silva,
/// "WfCommons: A framework for enabling scientific workflow research and development", FGCS 128 (2022) 16.
public struct Workflow: Sendable, Equatable {
  /// A task.
  public struct Task: Sendable, Equatable {
    /// What no other task is called.
    public let id: String
    /// How long it ran.
    public let runtime_s: Double
    /// The cores it ran on; 1 where the file does not say.
    public let cores: Int
    /// The bytes that it reads and no task writes.
    public let externalBytes: Double
    /// The bytes that it writes.
    public let outputBytes: Double
  }

  /// What one task hands to another: the files that the first writes and the second reads.
  public struct Edge: Sendable, Equatable {
    /// The number of the task that writes.
    public let parent: Int
    /// The number of the task that reads.
    public let child: Int
    /// The size of the files together; 0 where the child waits for the parent only.
    public let bytes: Double
  }

  /// The name of the workflow in its file.
  public let name: String
  /// The file as it was named.
  public let source: String
  /// The tasks in the order of the file.
  public let tasks: [Task]
  /// The edges by parent, then by child.
  public let edges: [Edge]
  /// How long the measured run took; nil where it was not measured.
  public let makespan_s: Double?

  /// Reads a JSON file, packed with gzip or not.
  ///
  /// - Throws: an error of kind `missingFile` or `unreadable`, or one that says what in the file is wrong and on which
  ///   line: JSON that is malformed, a task or file that is named and not there or there twice, a parent that does not
  ///   name its child or a child that does not name its parent, a run time or size that is missing or negative.
  ///   Whether tasks wait for each other in a circle is found when a graph is made of them.
  public init(contentsOf path: String) throws(TraceError) {
    self = try WorkflowReader.read(path)
  }

  init(name: String, source: String, tasks: [Task], edges: [Edge], makespan_s: Double?) {
    self.name = name
    self.source = source
    self.tasks = tasks
    self.edges = edges
    self.makespan_s = makespan_s
  }
}
