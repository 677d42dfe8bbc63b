import Glibc
import Synchronization

/// The person's wish to stop: asked for between two steps, so that a last checkpoint can be written.
public enum Interruption {
  private static let requested = Atomic<Bool>(false)

  /// Whether SIGINT or SIGTERM has come.
  public static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Turns SIGINT and SIGTERM into a wish; a second one kills at once.
  public static func listen() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { received in
        Interruption.requested.store(true, ordering: .relaxed)
        signal(received, SIG_DFL)
      }
    }
  }
}
