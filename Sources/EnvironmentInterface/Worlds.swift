import Configuration
import ReinforcementLearning
import Synchronization
import Trials

/// What a handle stands for: an ensemble, its description, and where its memory lies.
///
/// One thread at a time: a second one that comes meanwhile is told so, as two steps at once have no meaning.
final class Worlds: Sendable {
  /// What the lock guards.
  struct State: Sendable {
    var ensemble: any Ensemble
    var layouts: FrameLayouts
    var description: HeldText
    var metrics: HeldText
  }

  private let state: Mutex<State>

  init(_ scenario: Scenario, _ options: EnsembleOptions) throws(Failure) {
    var ensemble = try scenario.ensemble(options)
    let layouts = FrameLayouts(&ensemble)
    state = Mutex(
      State(
        ensemble: ensemble, layouts: layouts, description: HeldText(ensemble.description.text(indented: false)),
        metrics: HeldText("{}")))
  }

  /// Does something with the ensemble, unless another thread does.
  func use<Result: Sendable>(_ body: (inout State) throws(Failure) -> Result) throws(Failure) -> Result {
    let result = state.withLockIfAvailable { state -> Swift.Result<Result, Failure> in
      do throws(Failure) {
        return .success(try body(&state))
      } catch {
        return .failure(error)
      }
    }
    guard let result else { throw Failure(.usage, "another thread is using this handle; give each thread its own") }
    return try result.get()
  }
}

/// The open handles of this process.
enum OpenWorlds {
  private struct Table {
    var worlds: [Int64: Worlds] = [:]
    var next: Int64 = 1
  }

  private static let table = Mutex(Table())

  /// A handle, which is never given twice.
  static func add(_ worlds: Worlds) -> Int64 {
    table.withLock { table in
      defer { table.next += 1 }
      table.worlds[table.next] = worlds
      return table.next
    }
  }

  /// What a handle stands for.
  static func find(_ handle: Int64) throws(Failure) -> Worlds {
    guard let worlds = table.withLock({ $0.worlds[handle] }) else { throw unknown(handle) }
    return worlds
  }

  /// Forgets a handle.
  static func remove(_ handle: Int64) throws(Failure) {
    guard table.withLock({ $0.worlds.removeValue(forKey: handle) }) != nil else { throw unknown(handle) }
  }

  private static func unknown(_ handle: Int64) -> Failure {
    Failure(.usage, "\(handle) is no open handle; it was closed, or never given")
  }
}
