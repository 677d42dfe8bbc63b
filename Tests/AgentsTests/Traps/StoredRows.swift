import Agents
import ReinforcementLearning
import Snapshots

/// What a learner has stored, read from its snapshot by the names of the columns.
struct StoredRows {
  let count: Int
  let columns: [String: Int]
  let priorities: [Double]
  let waitingSteps: Int
  private let width: Int
  private let values: [Float]

  init(of learner: DQNLearner, member: Int = 0) throws {
    let replay = try learner.snapshot().group("replay").group("walker").group("member-\(member)")
    let rows = try replay.dataset("rows")
    (count, width) = (rows.shape[0], rows.shape[1])
    values = try replay.floats("rows")
    guard case .texts(let names)? = rows.attributes["columns"] else {
      throw replay.mismatch("rows", expected: "names of columns", found: "none")
    }
    columns = [String: Int](uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    priorities = replay.contains("priorities") ? try replay.group("priorities").doubles("weights") : []
    waitingSteps =
      replay.contains("making_steps")
      ? try replay.integers("making_steps").reduce(0, +) : try replay.group("window").integers("waiting").reduce(0, +)
  }

  subscript(row: Int, name: String) -> Float { columns[name].map { values[row * width + $0] } ?? .nan }

  /// Values in consecutive columns of one name: `name_0`, `name_1`, …
  func values(_ row: Int, _ name: String, _ count: Int) -> [Float] { (0..<count).map { self[row, "\(name)_\($0)"] } }
}
