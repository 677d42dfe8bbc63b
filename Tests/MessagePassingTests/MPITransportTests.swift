import Federation
import MessagePassing
import Testing

/// What can be said in one process; `Tests/Interoperability/mpi.sh` starts several.
struct MPITransportTests {
  @Test(.enabled(if: !MPITransport.isBuilt)) func `without the trait it says how to build with it`() {
    do {
      _ = try MPITransport { false }
      Issue.record("there is no MPI to join")
    } catch {
      #expect(error.description.contains("--traits MPI"))
    }
  }
}
