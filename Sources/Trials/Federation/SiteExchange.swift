import Federation

/// Bytes by client between the processes of a run: every client lives in process `client mod processes`, and whatever
/// comes together comes in the order of the clients, so that no sum depends on where they live.
struct SiteExchange: Sendable {
  private let transport: any Transport

  init(_ transport: any Transport) { self.transport = transport }

  /// Whether this is the server's process.
  var isServer: Bool { transport.process == 0 }

  /// Whether this is the only process.
  var isAlone: Bool { transport.processes == 1 }

  /// Whether a client lives here.
  func owns(_ client: Int) -> Bool { client % transport.processes == transport.process }

  /// Brings every process's parts to the server, in the order of the clients; nothing elsewhere.
  func collect(_ parts: [(client: Int, bytes: [UInt8])]) throws(Failure) -> [(client: Int, bytes: [UInt8])] {
    try carried { () throws(TransportError) in
      var writer = MessageWriter()
      writer.write(UInt64(parts.count))
      for part in parts {
        writer.write(UInt64(part.client))
        writer.write(part: part.bytes)
      }
      var all: [(client: Int, bytes: [UInt8])] = []
      for message in try transport.gather(writer.bytes) {
        var reader = MessageReader(message)
        for _ in 0..<(try reader.read(UInt64.self)) {
          let client = Int(truncatingIfNeeded: try reader.read(UInt64.self))
          all.append((client, try reader.readPart()))
        }
      }
      return all.sorted { $0.client < $1.client }
    }
  }

  /// Hands out the server's parts to the processes of their clients.
  func distribute(_ parts: [(client: Int, bytes: [UInt8])]) throws(Failure) -> [(client: Int, bytes: [UInt8])] {
    try carried { () throws(TransportError) in
      var messages: [[UInt8]] = []
      if isServer {
        for process in 0..<transport.processes {
          let own = parts.filter { $0.client % transport.processes == process }
          var writer = MessageWriter()
          writer.write(UInt64(own.count))
          for part in own {
            writer.write(UInt64(part.client))
            writer.write(part: part.bytes)
          }
          messages.append(writer.bytes)
        }
      }
      var reader = MessageReader(try transport.scatter(messages))
      var own: [(client: Int, bytes: [UInt8])] = []
      for _ in 0..<(try reader.read(UInt64.self)) {
        let client = Int(truncatingIfNeeded: try reader.read(UInt64.self))
        own.append((client, try reader.readPart()))
      }
      return own
    }
  }

  /// Tells every process what the server says.
  func broadcast(_ message: [UInt8]) throws(Failure) -> [UInt8] {
    try carried { () throws(TransportError) in
      try transport.scatter(isServer ? [[UInt8]](repeating: message, count: transport.processes) : [])
    }
  }

  /// Whether any process says yes: known to all.
  func anyAgrees(_ own: Bool) throws(Failure) -> Bool {
    if transport.processes == 1 { return own }
    let votes = try carried { () throws(TransportError) in try transport.gather([own ? 1 : 0]) }
    return try broadcast([votes.contains([1]) ? 1 : 0]) == [1]
  }

  private func carried<Result>(_ body: () throws(TransportError) -> Result) throws(Failure) -> Result {
    do throws(TransportError) { return try body() } catch {
      guard Interruption.isRequested else { throw Failure(.fault, error.description) }
      throw Failure(.interrupted, "\(error); continue with --resume")
    }
  }
}
