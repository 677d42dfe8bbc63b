import Configuration
import EdgeCloud
import IndustrialEdge
import ReinforcementLearning
import TestSupport

/// A committed scenario of workflows, with values put over its text.
struct WorkflowScene {
  var name = "workflow-placement"
  var overrides: [(String, String)] = []

  init(_ overrides: [(String, String)] = [], name: String = "workflow-placement") {
    self.overrides = overrides
    self.name = name
  }

  func parameters() throws -> WorkflowParameters {
    var document = try ConfigurationDocument(contentsOf: "\(project)/Environments/industrial/\(name).yaml")
    for (path, value) in overrides { try document.override(path, with: value) }
    var root = document.root()
    let id = try root.text("id")
    _ = try root.text("environment")
    let parameters = try WorkflowParameters(id: id, from: &root)
    try root.finish()
    return parameters
  }

  func world(seed: UInt64 = 0) throws -> WorkflowPlacement {
    var world = WorkflowPlacement(try parameters())
    world.reset(seed: seed)
    return world
  }
}

/// The rules that place task after task.
let workflowChoices: [WorkflowRule.Choice] = [.local, .edge, .cloud, .roundRobin, .leastLoaded, .earliestFinish]

extension WorkflowPlacement {
  /// Plays an episode from the present one's start and returns its return and the sentences about broken laws.
  func played<Rule: Controller<WorkflowPlacement>>(
    _ controller: Rule, seed: UInt64 = 0
  ) -> (total: Double, broken: [String], world: WorkflowPlacement) {
    var world = self
    var controller = controller
    controller.begin(seed: seed)
    var action = JointAction(for: groups)
    var outcome = StepOutcome(agents: 1)
    var total = 0.0
    var broken: [String] = []
    repeat {
      controller.act(in: world, &action)
      world.step(action, outcome: &outcome)
      total += outcome.rewards[0]
      broken += world.brokenInvariants()
    } while !outcome.episodeOver
    return (total, broken, world)
  }
}
