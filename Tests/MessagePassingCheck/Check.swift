import Federation
import Glibc
import MessagePassing
import Synchronization

/// Set by SIGTERM.
private let stopping = Atomic<Bool>(false)

/// Messages of many lengths between the processes that a launcher has started, each looked at byte by byte.
///
///     MessagePassingCheck exchange [PART]   all lengths, in parts of PART bytes
///     MessagePassingCheck large BYTES       one message each way of so many bytes
///     MessagePassingCheck speed BYTES       how long a model each way takes, 20 times
///     MessagePassingCheck wait              messages until one process dies
///     MessagePassingCheck refuse            the last process is not ready
///     MessagePassingCheck mismatch          the last process has other work
@main
enum Check {
  static func main() {
    signal(SIGTERM) { _ in stopping.store(true, ordering: .relaxed) }
    let arguments = CommandLine.arguments.dropFirst()
    let number = arguments.dropFirst().first.flatMap { Int($0) }
    do {
      let part = arguments.first == "exchange" ? number : nil
      let transport = try MPITransport(largestPart: part ?? 1 << 30) { stopping.load(ordering: .relaxed) }
      switch arguments.first {
      case "exchange": for count in lengths { try exchange(transport, count) }
      case "large": try exchange(transport, number ?? 1, isUniform: true)
      case "speed": try measure(transport, number ?? 1)
      case "wait": try wait(transport)
      case "refuse": try answer(transport, .failure(RollCall.Refusal(code: 66, sentence: "x.yaml: no such file")))
      case "mismatch": try answer(transport, .success("other work"))
      default: throw TransportError("exchange, large, speed, wait, refuse or mismatch")
      }
      try transport.finish()
      if transport.process == 0 { print("\(transport.processes) processes: every byte arrived") }
    } catch let RollCall.Failure.refused(refusal) {
      say("refused: \(refusal.sentence)")
      exit(refusal.code)
    } catch {
      say("error: \(error)")
      exit(74)
    }
  }

  private static let lengths = [0, 1, 7, 8, 999, 1000, 1001, 65_537, 0, 4_000_003]

  /// The byte at a place of the message of a process, so that no two messages and no shift of one are alike.
  private static func byte(_ process: Int, _ position: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: (position &* 2_654_435_761 &+ process &* 40_503) >> 11)
  }

  /// A message: process 2's is longer than process 1's.
  private static func message(_ process: Int, _ count: Int, _ isUniform: Bool) -> [UInt8] {
    isUniform
      ? [UInt8](repeating: UInt8(process + 1), count: count + process)
      : (0..<count + process).map { byte(process, $0) }
  }

  private static func exchange(_ transport: MPITransport, _ count: Int, isUniform: Bool = false) throws {
    let processes = 0..<transport.processes
    let models = transport.process == 0 ? processes.map { message($0, count, isUniform) } : []
    let received = try transport.scatter(models)
    guard received == message(transport.process, count, isUniform) else {
      throw TransportError("process \(transport.process) received another model of \(count) bytes")
    }
    let updates = try transport.gather(received)
    guard transport.process == 0 ? updates == models : updates.isEmpty else {
      throw TransportError("the updates of \(count) bytes are others")
    }
  }

  private static func measure(_ transport: MPITransport, _ count: Int) throws {
    let models = [[UInt8]](repeating: [UInt8](repeating: 3, count: count), count: transport.processes)
    var shortest = Duration.seconds(1000)
    for _ in 0..<20 {
      let start = ContinuousClock.now
      let model = try transport.scatter(transport.process == 0 ? models : [])
      _ = try transport.gather(model)
      shortest = min(shortest, ContinuousClock.now - start)
    }
    if transport.process == 0 { print("\(count) bytes to each of \(transport.processes) and back: \(shortest)") }
  }

  private static func wait(_ transport: MPITransport) throws {
    for round in 0... {
      let model = try transport.scatter((0..<transport.processes).map { _ in [UInt8](repeating: 0, count: 100_000) })
      usleep(20_000)
      _ = try transport.gather(model)
      if round == 5, transport.process == 0 { print("waiting") }
    }
  }

  private static func answer(_ transport: MPITransport, _ last: Result<String, RollCall.Refusal>) throws {
    let isLast = transport.process == transport.processes - 1
    try RollCall.answer(isLast ? last : .success("the work"), over: transport, mismatch: 64)
  }

  private static func say(_ sentence: String) {
    var bytes = Array("\(sentence)\n".utf8)
    _ = unsafe write(STDERR_FILENO, &bytes, bytes.count)
  }
}
