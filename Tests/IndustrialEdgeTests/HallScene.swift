import Configuration
import EdgeCloud
import IndustrialEdge
import ReinforcementLearning
import TestSupport

/// The committed hall, with values put over its text.
struct HallScene {
  var name = "inf-dl"
  var overrides: [(String, String)] = []

  init(_ overrides: [(String, String)] = [], name: String = "inf-dl") {
    self.overrides = overrides
    self.name = name
  }

  func parameters() throws -> HallParameters {
    var document = try ConfigurationDocument(contentsOf: "\(project)/Environments/industrial/\(name).yaml")
    for (path, value) in overrides { try document.override(path, with: value) }
    var root = document.root()
    let id = try root.text("id")
    _ = try root.text("environment")
    let parameters = try HallParameters(id: id, from: &root)
    try root.finish()
    return parameters
  }

  func world(seed: UInt64 = 0) throws -> IndustrialHall {
    var world = IndustrialHall(try parameters())
    world.reset(seed: seed)
    return world
  }
}
