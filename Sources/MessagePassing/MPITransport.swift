import CMPIShim
public import Federation

/// Clients and server in the processes of one MPI job, on one machine or many.
///
/// Messages of any length travel from process to process, in parts of at most 1 GiB, their lengths first; nothing is
/// summed on the way, so a run is the same to the bit for any number of processes. A process of the job that ends
/// makes the launcher send SIGTERM to the others; a call that waits then fails within half a second instead of waiting
/// for ever.
///
/// Needs the package trait `MPI`. At most one for the life of a process: MPI cannot be joined twice.
public struct MPITransport: Transport {
  /// Whether the package was built with the trait.
  public static var isBuilt: Bool { ew_mpi_is_built() != 0 }

  public let process: Int
  public let processes: Int
  private let thread: MPIThread

  /// Joins the job that a launcher has started; the only process of its own without one.
  ///
  /// - Parameters:
  ///   - largestPart: the bytes of each part of a message.
  ///   - isStopping: whether this process has been told to stop; asked again and again, from another thread.
  /// - Throws: where the package was built without MPI, or the library fails.
  public init(largestPart: Int = 1 << 30, isStopping: @escaping @Sendable () -> Bool) throws(TransportError) {
    precondition((1...Int(Int32.max)).contains(largestPart), "a part of \(largestPart) bytes")
    guard Self.isBuilt else {
      throw TransportError("built without MPI; build it with swift build -c release --traits MPI")
    }
    thread = try MPIThread(chunk: largestPart, isStopping: isStopping)
    _ = try thread.answer(to: .start)
    (process, processes) = thread.place
  }

  public func scatter(_ messages: [[UInt8]]) throws(TransportError) -> [UInt8] {
    precondition(process != 0 || messages.count == processes, "\(messages.count) messages for \(processes) processes")
    return try thread.answer(to: .scatter(messages))[0]
  }

  public func gather(_ message: [UInt8]) throws(TransportError) -> [[UInt8]] {
    try thread.answer(to: .gather(message))
  }

  /// Whether a message has failed, so that no further one can be sent.
  public var isBroken: Bool { thread.isBroken }

  /// Leaves the job in good order, when all processes do; nothing can be sent after it. After a message that failed
  /// there is no good order, and it does nothing.
  public func finish() throws(TransportError) {
    _ = try thread.answer(to: .finish)
  }

  /// Ends all processes of the job with an exit code.
  public func abort(code: Int32) {
    _ = try? thread.answer(to: .abort(code))
  }
}
