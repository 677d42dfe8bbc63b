import Synchronization

/// What several clients sent side by side.
final class SentBytes: Sendable {
  private let messages = Mutex<[(client: Int, bytes: [UInt8])]>([])

  func add(_ client: Int, _ bytes: [UInt8]) { messages.withLock { $0.append((client, bytes)) } }

  /// In the order of the clients.
  var sorted: [(client: Int, bytes: [UInt8])] { messages.withLock { $0.sorted { $0.client < $1.client } } }
}
