import FoundationEssentials
import LinearAlgebra
import Testing

struct BackendTests {
  @Test func `the library names its kernels, and not the fallback where the processor has better`() throws {
    #expect(!Backend.kernelName.isEmpty)
    let processor = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    if processor.contains(" avx2 ") && processor.contains(" fma ") {
      #expect(Backend.kernelName != "Prescott")
    }
  }
}
