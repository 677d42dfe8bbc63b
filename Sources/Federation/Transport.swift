/// What carries models to the clients and updates to the server.
///
/// A run has one or more processes; process 0 is the server's, and every client lives in exactly one of them. All
/// processes make the same calls in the same order. What is carried is bytes, encoded by ``Message``, so that nothing
/// depends on where a client lives.
public protocol Transport: Sendable {
  /// The number of this process; 0 is the server's.
  var process: Int { get }
  /// How many there are.
  var processes: Int { get }

  /// Hands each process its message from the server.
  ///
  /// - Parameter messages: one for each process, in their order; not looked at but in the server's process.
  /// - Returns: the message for this process.
  func scatter(_ messages: [[UInt8]]) throws(TransportError) -> [UInt8]

  /// Brings a message of each process to the server.
  ///
  /// - Returns: in the server's process the messages in the order of the processes, elsewhere nothing.
  func gather(_ message: [UInt8]) throws(TransportError) -> [[UInt8]]
}

/// A message that did not arrive, in one sentence.
public struct TransportError: Error, Sendable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// An error by its sentence.
  public init(_ description: String) { self.description = description }
}

/// Clients and server in one process: messages are handed over.
public struct InProcessTransport: Transport {
  public let process = 0
  public let processes = 1

  /// The only one there is.
  public init() {}

  public func scatter(_ messages: [[UInt8]]) throws(TransportError) -> [UInt8] { messages[0] }

  public func gather(_ message: [UInt8]) throws(TransportError) -> [[UInt8]] { [message] }
}
