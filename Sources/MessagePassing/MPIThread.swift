import CMPIShim
import Dispatch
import Federation
import Glibc
import Synchronization

/// The one thread of this process that calls MPI.
///
/// MPI is joined and left once in the life of a process, and at the level that every library grants
/// (`MPI_THREAD_FUNNELED`) by one thread only, while the callers of a transport run on whichever thread they are on.
/// They hand over a request and wait for its answer.
final class MPIThread: Sendable {
  /// What it is asked to do.
  enum Request: Sendable {
    case start
    case scatter([[UInt8]])
    case gather([UInt8])
    case finish
    case abort(Int32)
  }

  private struct Desk {
    var request: Request?
    var answer: Result<[[UInt8]], TransportError> = .success([])
    var place = (process: 0, processes: 1)
    var isBroken = false
  }

  private let chunk: Int
  private let isStopping: @Sendable () -> Bool
  private let turn = Mutex(())
  private let desk = Mutex(Desk())
  private let asked = DispatchSemaphore(value: 0)
  private let answered = DispatchSemaphore(value: 0)

  init(chunk: Int, isStopping: @escaping @Sendable () -> Bool) throws(TransportError) {
    self.chunk = chunk
    self.isStopping = isStopping
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer = unsafe pointer else { return nil }
        unsafe Unmanaged<MPIThread>.fromOpaque(pointer).takeRetainedValue().serve()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    guard code == 0 else { throw TransportError("no thread for MPI: \(unsafe String(cString: strerror(code)))") }
    pthread_detach(thread)
  }

  /// The number of this process and how many there are; after `start`.
  var place: (process: Int, processes: Int) { desk.withLock { $0.place } }

  /// Whether a request has failed.
  var isBroken: Bool { desk.withLock { $0.isBroken } }

  /// Lets the thread answer a request; one at a time.
  func answer(to request: Request) throws(TransportError) -> [[UInt8]] {
    let answer = turn.withLock { _ in
      desk.withLock { $0.request = request }
      asked.signal()
      answered.wait()
      return desk.withLock { desk in
        defer { desk.answer = .success([]) }
        return desk.answer
      }
    }
    return try answer.get()
  }

  /// Answers one request after the other until the job is left.
  private func serve() {
    while true {
      asked.wait()
      let request = desk.withLock { desk in
        defer { desk.request = nil }
        return desk.request
      }
      guard let request else { continue }
      do throws(TransportError) {
        let messages = try serve(request)
        desk.withLock { $0.answer = .success(messages) }
      } catch {
        desk.withLock {
          $0.answer = .failure(error)
          $0.isBroken = true
        }
      }
      answered.signal()
      if case .finish = request { return }
    }
  }

  private func serve(_ request: Request) throws(TransportError) -> [[UInt8]] {
    switch request {
    case .start: try start()
    case .scatter(let messages): return try exchange().scatter(messages)
    case .gather(let message): return try exchange().gather(message)
    case .finish:
      if !isBroken { try call { ew_mpi_finish() } }
    case .abort(let code): ew_mpi_abort(code)
    }
    return []
  }

  private func start() throws(TransportError) {
    var rank: Int32 = 0
    var size: Int32 = 1
    try call { unsafe ew_mpi_start(&rank, &size) }
    let place = (process: Int(rank), processes: Int(size))
    desk.withLock { $0.place = place }
  }

  /// After one message has failed nobody knows what the next bytes would be.
  private func exchange() throws(TransportError) -> Exchange {
    guard !isBroken else { throw TransportError("an earlier message between the processes has failed") }
    let place = place
    return Exchange(process: place.process, processes: place.processes, chunk: chunk, isStopping: isStopping)
  }
}
