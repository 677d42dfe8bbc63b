import Federation
import Glibc

/// The messages of one call of a transport, moved side by side until all are over.
///
/// Waits by looking, never inside MPI: a process whose peer has died could not be told to stop otherwise. While nobody
/// has come it looks every 0.2 ms and leaves the core to those who work; while bytes move it only yields.
struct Exchange {
  /// How long it goes on after the wish to stop, for what the others still send.
  static let patience: Duration = .milliseconds(400)

  /// The number of this process.
  let process: Int
  /// How many there are.
  let processes: Int
  /// The bytes of each part of a message.
  let chunk: Int
  /// Whether somebody wishes this process to stop.
  let isStopping: @Sendable () -> Bool

  /// Hands out the server's messages and returns the own one.
  func scatter(_ messages: [[UInt8]]) throws(TransportError) -> [[UInt8]] {
    var transfers: [Transfer] = []
    guard process == 0 else {
      transfers.append(try Transfer(from: 0, chunk: chunk))
      try complete(&transfers)
      return transfers.map { $0.finished() }
    }
    try send(messages, from: 1, &transfers)
    for transfer in transfers { _ = transfer.finished() }
    return [messages[0]]
  }

  /// Brings messages together in the server.
  func gather(_ message: [UInt8]) throws(TransportError) -> [[UInt8]] {
    var transfers: [Transfer] = []
    guard process == 0 else {
      try sending(message, to: 0, &transfers) { transfers throws(TransportError) in try complete(&transfers) }
      for transfer in transfers { _ = transfer.finished() }
      return []
    }
    for peer in 1..<processes { transfers.append(try Transfer(from: peer, chunk: chunk)) }
    try complete(&transfers)
    return [message] + transfers.map { $0.finished() }
  }

  /// Begins one message after the other, each in the scope of its memory, and completes them all in the innermost.
  private func send(_ messages: [[UInt8]], from peer: Int, _ transfers: inout [Transfer]) throws(TransportError) {
    guard peer < processes else { return try complete(&transfers) }
    try sending(messages[peer], to: peer, &transfers) { transfers throws(TransportError) in
      try send(messages, from: peer + 1, &transfers)
    }
  }

  private func sending(
    _ message: [UInt8], to peer: Int, _ transfers: inout [Transfer],
    _ body: (inout [Transfer]) throws(TransportError) -> Void
  ) throws(TransportError) {
    let outcome = unsafe message.withUnsafeBytes { bytes -> Result<Void, TransportError> in
      do throws(TransportError) {
        transfers.append(unsafe try Transfer(bytes, to: peer, chunk: chunk))
        return .success(try body(&transfers))
      } catch {
        return .failure(error)
      }
    }
    try outcome.get()
  }

  /// Waits until all are over. When it fails the memory of what is underway is left alone for good.
  private func complete(_ transfers: inout [Transfer]) throws(TransportError) {
    var wished: ContinuousClock.Instant?
    while true {
      var isMoving = false
      var isOver = true
      for position in transfers.indices where transfers[position].stage != .over {
        try transfers[position].advance()
        isMoving = isMoving || transfers[position].stage == .moving
        isOver = isOver && transfers[position].stage == .over
      }
      if isOver { return }
      if isStopping() {
        let now = ContinuousClock.now
        if let wished, now - wished > Self.patience {
          throw TransportError(sentence(waitingFor: transfers.filter { $0.stage != .over }.map(\.peer)))
        }
        wished = wished ?? now
      }
      if isMoving { sched_yield() } else { usleep(200) }
    }
  }

  private func sentence(waitingFor peers: [Int]) -> String {
    let names = peers.map { "\($0)" }.joined(separator: ", ")
    return "stopped while process \(process) of \(processes) waited for process\(peers.count == 1 ? "" : "es") \(names)"
  }
}
