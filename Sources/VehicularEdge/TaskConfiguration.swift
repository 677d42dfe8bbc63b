import Configuration
import EdgeCloud
import Traces

extension TaskProcess {
  /// How a scenario's vehicles come by their tasks.
  private enum Pattern: String, Sendable, CaseIterable {
    case poisson, bursty, replay
  }

  /// Reads the key `tasks`.
  init(from root: inout ConfigurationMapping, interval_s: Double) throws(ScenarioError) {
    do {
      var mapping = try root.mapping("tasks")
      let pattern = try mapping.choice("arrivals", of: Pattern.self, default: .poisson)
      let rate = pattern == .poisson ? try mapping.number("rate_hz", in: .nonNegative) : 0
      let arrivals: TaskArrivals? =
        switch pattern {
        case .poisson: nil
        case .bursty: .modulated(try Self.bursts(&mapping, interval_s: interval_s))
        case .replay: .replay(try Self.recording(&mapping), slot_s: interval_s)
        }
      let bits = try mapping.range("bits_min", "bits_max", in: .between(1, 1e12))
      let cycles = try mapping.range("cycles_per_bit_min", "cycles_per_bit_max", in: .between(1e-6, 1e9))
      let deadline = try mapping.range("deadline_min_s", "deadline_max_s", in: .above(0).to(3600))
      try mapping.finish()
      let process = TaskProcess(
        arrivalProbability: Self.arrivalProbability(rate: Hertz(rate), interval: Seconds(interval_s)),
        bits: Bits(bits.lowerBound)...Bits(bits.upperBound), cyclesPerBit: cycles,
        deadline: Seconds(deadline.lowerBound)...Seconds(deadline.upperBound))
      self = arrivals.map { TaskProcess(process, arriving: $0) } ?? process
    } catch let error as ConfigurationError {
      throw .configuration(error)
    } catch let error as TraceError {
      throw .trace(error)
    } catch {
      preconditionFailure("an error of another kind: \(error)")
    }
  }

  private static func bursts(
    _ mapping: inout ConfigurationMapping, interval_s: Double
  ) throws(ConfigurationError) -> MarkovModulated {
    MarkovModulated(
      quiet: Hertz(try mapping.number("quiet_rate_hz", in: .between(0, 1e4))),
      burst: Hertz(try mapping.number("burst_rate_hz", in: .between(0, 1e4))),
      meanQuiet: Seconds(try mapping.number("mean_quiet_s", in: .between(1e-3, 1e4))),
      meanBurst: Seconds(try mapping.number("mean_burst_s", in: .between(1e-3, 1e4))), slot: Seconds(interval_s))
  }

  private static func recording(_ mapping: inout ConfigurationMapping) throws -> ArrivalReplay {
    let path = try mapping.filePath("log_file")
    let log = try ArrivalLog(contentsOf: path, time: try mapping.text("time_column"))
    let speed = try mapping.number("speed", in: .between(1e-6, 1e6), default: 1)
    guard let replay = ArrivalReplay(log, speed: speed) else {
      throw mapping.error("log_file", "all rows of the log have one time; a replay needs arrivals at several")
    }
    return replay
  }
}
