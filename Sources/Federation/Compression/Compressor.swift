public import Configuration
public import Randomness

/// How a difference of parameters is written in fewer bytes.
///
/// A further one is one file that conforms, its test, and one line in ``Compressors``.
public protocol Compressor: Sendable {
  /// The name under `federation.compression.up.name` and `….down.name`.
  static var name: String { get }
  /// One line for `list`.
  static var summary: String { get }

  /// Reads its keys, of which `name` has been read.
  init(from mapping: inout ConfigurationMapping) throws(ConfigurationError)

  /// Whether what it loses is kept and added to the next difference (``ErrorFeedback``).
  var keepsResidual: Bool { get }

  /// Writes a difference, drawing what is random from `stream`.
  ///
  /// Values should be finite. One that is not stops nobody here: it arrives as NaN or as it is, some of its neighbours
  /// perhaps with it, and the server refuses the update as it would have refused it uncompressed.
  func encode(_ difference: [Float], using stream: inout RandomStream) -> [UInt8]

  /// Reads a difference of `count` elements.
  /// - Throws: `TransportError` where the bytes are none of its own: cut, too long, or out of range.
  func decode(_ bytes: [UInt8], count: Int) throws(TransportError) -> [Float]
}
