import Foundation
import TestSupport
import Testing
import Trials

/// Every scenario file of the project, played.
@Suite struct EveryScenarioTests {
  static let files: [String] = {
    let root = "\(project)/Environments"
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted()
  }()

  @Test func `there are at least four scenarios of each domain`() {
    for domain in ["vehicular", "aerial", "industrial"] {
      #expect(Self.files.count { $0.hasPrefix(domain + "/") } >= 4, "\(domain)")
    }
  }

  @Test(arguments: files) func `keeps every promise, stays in its ranges and below its bound`(file: String) throws {
    let scenario = try Scenario("\(project)/Environments/\(file)")
    #expect(try ScenarioAudit.run(scenario, steps: 1_000, episodes: 1, seed: 11) == [])
  }

  @Test(arguments: files) func `the id says where the file lies`(file: String) throws {
    #expect(try Scenario("\(project)/Environments/\(file)").id == String(file.dropLast(".yaml".count)))
  }
}
