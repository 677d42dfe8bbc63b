import Federation
import FoundationEssentials
import Glibc
import MessagePassing
import Trials

/// The processes that a launcher started for one command together, or this one by itself.
///
/// One of them speaks where all know the same; what only one knows, it says with its number, and ends the others.
struct Processes {
  /// How this one was started; nil without a launcher.
  static let launch = Launch(environment: ProcessInfo.processInfo.environment)

  /// The cores that this process may use, shared out among those that a launcher started on this machine.
  static var cores: Int {
    let all = ProcessInfo.processInfo.processorCount
    return min(64, max(1, min(all / (launch?.processesHere ?? 1), boundCores ?? all)))
  }

  /// The cores that the system lets this process run on: launchers bind theirs.
  private static var boundCores: Int? {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }
    let mask = line?.split(separator: "\t").last?.compactMap(\.hexDigitValue)
    return mask.map { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
  }

  private let job: MPITransport?

  /// What carries messages between them.
  var transport: any Transport { job ?? InProcessTransport() as any Transport }

  /// Whether this is the one that speaks for all.
  var isFirst: Bool { transport.process == 0 }

  /// Joins the others, where there are some.
  init() throws {
    guard let launch = Self.launch, launch.processes > 1 else {
      job = nil
      return
    }
    Interruption.listen()
    do throws(TransportError) {
      let job = try MPITransport { Interruption.isRequested }
      guard job.processes == launch.processes else {
        let hint =
          launch.launcher == "srun"
          ? "choose its --mpi=pmix or --mpi=pmi2, after what this MPI was built with"
          : "it belongs to another MPI than the one that this tool was built with"
        throw TransportError("MPI joins \(job.processes) of them; \(hint)")
      }
      self.job = job
    } catch {
      guard launch.process == 0 else { Glibc.exit(Failure.Code.usage.rawValue) }
      throw Failure(.usage, "\(launch.launcher) started \(launch.processes) processes: \(error)")
    }
  }

  /// Does what they do together and leaves the job; where it fails, the whole program.
  func together(_ body: () async throws -> Void) async throws {
    guard let job else { return try await body() }
    do {
      try await body()
      try job.finish()
    } catch let failure as Failure where job.isBroken && failure.code == .interrupted {
      // One waits for another that waits for a third: two voices are enough to name the one that is gone.
      if job.process < 2 { Console.note("error: \(failure)") }
      Glibc.exit(failure.code.rawValue)
    } catch let failure as Failure where failure.code == .interrupted {
      leave(job, saying: failure)
    } catch let refusal as Refusal {
      leave(job, saying: refusal.failure)
    } catch {
      Console.note("error: \(isFirst ? "" : "process \(job.process) of \(job.processes): ")\(error)")
      job.abort(code: (error as? Failure)?.code.rawValue ?? EXIT_FAILURE)
      throw error
    }
  }

  /// Makes sure that all are about to do the same: what `body` says.
  func agree(on body: () throws(Failure) -> String) throws {
    guard let job else {
      _ = try body()
      return
    }
    let answer: Result<String, RollCall.Refusal>
    do throws(Failure) {
      answer = .success(try body())
    } catch {
      answer = .failure(RollCall.Refusal(code: error.code.rawValue, sentence: error.description))
    }
    do throws(RollCall.Failure) {
      try RollCall.answer(answer, over: job, mismatch: Failure.Code.usage.rawValue)
    } catch {
      switch error {
      case .refused(let refusal):
        throw Refusal(failure: Failure(Failure.Code(rawValue: refusal.code) ?? .fault, refusal.sentence))
      case .lost(let sentence): throw Failure(Interruption.isRequested ? .interrupted : .fault, sentence)
      }
    }
  }

  /// What all know.
  private struct Refusal: Error {
    let failure: Failure
  }

  /// Leaves together with all others, of whom the first says why.
  private func leave(_ job: MPITransport, saying failure: Failure) -> Never {
    if isFirst { Console.note("error: \(failure)") }
    _ = try? job.finish()
    Glibc.exit(failure.code.rawValue)
  }
}
