import Dispatch

/// Changes every element of an array, on up to `workers` threads.
///
/// What is done to one element must not depend on the others; then the result is the same for any number of workers.
/// One worker allocates nothing.
package func forEach<Element: Sendable>(
  of elements: inout [Element], workers: Int, _ body: @Sendable (Int, inout Element) -> Void
) {
  let count = elements.count
  let threads = min(workers, count)
  guard threads > 1 else {
    for index in 0..<count { body(index, &elements[index]) }
    return
  }
  unsafe elements.withUnsafeMutableBufferPointer { buffer in
    // Each element is touched by one thread only: that of its index modulo the number of threads.
    nonisolated(unsafe) let start = buffer.baseAddress
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      for index in stride(from: thread, to: count, by: threads) {
        unsafe body(index, &start.unsafelyUnwrapped[index])
      }
    }
  }
}
