import Glibc

/// Where the person reads: results on standard output, everything else on standard error.
enum Console {
  /// Whether progress can be drawn in place.
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Writes a line to standard error.
  static func note(_ text: String) { write("\(text)\n", to: STDERR_FILENO) }

  /// Writes a result to standard output.
  static func result(_ text: String) { write(text.hasSuffix("\n") ? text : "\(text)\n", to: STDOUT_FILENO) }

  /// Draws over the present line of a terminal.
  static func redraw(_ text: String) { write("\r\u{1B}[2K\(text)", to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
