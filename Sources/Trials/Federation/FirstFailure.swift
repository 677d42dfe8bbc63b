import Synchronization

/// The first sentence of what went wrong among things that were done side by side.
final class FirstFailure: Sendable {
  private let kept = Mutex<String?>(nil)

  /// Keeps a sentence, if it is the first in the order of the alphabet: the same whoever was quicker.
  func note(_ sentence: String) {
    kept.withLock { kept in kept = min(kept ?? sentence, sentence) }
  }

  /// What was kept.
  var sentence: String? { kept.withLock { $0 } }
}
