import CMPIShim
import Federation

/// A message on its way between this process and one other: its length first, then its bytes in parts.
///
/// The length is sent synchronously, so both sides know when the other has come; from there on bytes are moving and
/// it is worth to look after them without a pause. Used on the thread of ``MPIThread`` only.
@safe struct Transfer {
  /// How far it is.
  enum Stage {
    /// The other side has not come yet.
    case meeting
    /// Bytes are moving.
    case moving
    /// All is there.
    case over
  }

  private static let lengthTag: Int32 = 1
  private static let bytesTag: Int32 = 2

  /// The other process.
  let peer: Int
  private(set) var stage = Stage.meeting
  private let isIncoming: Bool
  private let chunk: Int
  private let length: UnsafeMutablePointer<UInt64>
  private var bytes: UnsafeMutableRawBufferPointer
  private var pending = unsafe [OpaquePointer]()

  /// Begins to receive a message.
  init(from peer: Int, chunk: Int) throws(TransportError) {
    unsafe self.init(peer, isIncoming: true, UnsafeMutableRawBufferPointer(start: nil, count: 0), chunk)
    let length = unsafe length
    unsafe try begin { transfer in
      unsafe ew_mpi_receive(length, 8, Int32(peer), Self.lengthTag, &transfer)
    }
  }

  /// Begins to send a message, whose memory must stay until it is over.
  init(_ message: UnsafeRawBufferPointer, to peer: Int, chunk: Int) throws(TransportError) {
    unsafe self.init(peer, isIncoming: false, UnsafeMutableRawBufferPointer(mutating: message), chunk)
    let length = unsafe length
    unsafe length.pointee = UInt64(message.count).littleEndian
    unsafe try begin { transfer in
      unsafe ew_mpi_send(length, 8, Int32(peer), Self.lengthTag, 1, &transfer)
    }
  }

  private init(_ peer: Int, isIncoming: Bool, _ bytes: UnsafeMutableRawBufferPointer, _ chunk: Int) {
    self.peer = peer
    self.isIncoming = isIncoming
    self.chunk = chunk
    unsafe self.bytes = unsafe bytes
    unsafe length = .allocate(capacity: 1)
    unsafe length.initialize(to: 0)
  }

  /// Looks how far it is.
  mutating func advance() throws(TransportError) {
    var waiting = unsafe [OpaquePointer]()
    for position in unsafe pending.indices {
      let transfer = unsafe pending[position]
      var isOver: Int32 = 0
      try call(peer) { unsafe ew_mpi_test(transfer, &isOver) }
      if isOver == 0 { unsafe waiting.append(transfer) }
    }
    unsafe pending = unsafe waiting
    guard unsafe pending.isEmpty else { return }
    switch stage {
    case .meeting: try beginBytes()
    case .moving: stage = .over
    case .over: break
    }
  }

  private mutating func beginBytes() throws(TransportError) {
    stage = .moving
    if isIncoming {
      let announced = unsafe UInt64(littleEndian: length.pointee)
      guard let count = Int(exactly: announced) else {
        throw TransportError("process \(peer) announced a message of \(announced) bytes")
      }
      unsafe bytes = .allocate(byteCount: count, alignment: 16)
    }
    for range in unsafe Chunks(count: bytes.count, size: chunk).ranges {
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[range])
      let (peer, count) = (Int32(peer), Int32(range.count))
      let isIncoming = isIncoming
      unsafe try begin { transfer in
        unsafe isIncoming
          ? ew_mpi_receive(part.baseAddress, count, peer, Self.bytesTag, &transfer)
          : ew_mpi_send(part.baseAddress, count, peer, Self.bytesTag, 0, &transfer)
      }
    }
  }

  private mutating func begin(_ body: (inout OpaquePointer?) -> Int32) throws(TransportError) {
    var transfer: OpaquePointer?
    try call(peer) { unsafe body(&transfer) }
    if let transfer = unsafe transfer { unsafe pending.append(transfer) }
  }

  /// What was received, and an end to its memory. A transfer that is not over must never come here: MPI may still
  /// write into it.
  consuming func finished() -> [UInt8] {
    precondition(stage == .over, "a message of process \(peer) is not there yet")
    unsafe length.deallocate()
    guard isIncoming else { return [] }
    defer { unsafe bytes.deallocate() }
    return unsafe [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
      unsafe UnsafeMutableRawBufferPointer(target).copyMemory(from: UnsafeRawBufferPointer(bytes))
      count = unsafe bytes.count
    }
  }
}

/// Makes one call of MPI and turns an error code into a sentence.
func call(_ peer: Int? = nil, _ body: () -> Int32) throws(TransportError) {
  let code = body()
  guard code != 0 else { return }
  var text = [CChar](repeating: 0, count: 512)
  unsafe text.withUnsafeMutableBufferPointer { unsafe ew_mpi_error_text(code, $0.baseAddress, $0.count) }
  let reason = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  throw TransportError(peer.map { "MPI failed in a message with process \($0): \(reason)" } ?? "MPI failed: \(reason)")
}
