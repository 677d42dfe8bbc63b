public import Configuration
public import Randomness

/// `quantized`: a few bits a parameter, rounded by lot so that the mean of what arrives is what was sent.
///
/// Keys: `bits`, 2 to 8 (the sign is one of them); `levels`, `uniform` or `exponential`; `norm`, the scale of a block,
/// `max` or `euclidean`; `block_size`, 8 to 1,048,576 parameters under one scale.
///
/// d parameters in blocks of B take 4·⌈d/B⌉ bytes for the scales and b/8 bytes for each parameter, a block's rounded up
/// to whole bytes: with 4 bits and blocks of 1024, d/2 + 4·⌈d/1024⌉ for even d; there is no header. An eighth of the
/// plain bytes and 1 in 1024 of them on top; 8 bits are a quarter and that 1 in 1024.
///
/// The error of a parameter has mean zero. With uniform levels its variance is at most c²/4s², where c is the scale of
/// its block and s = 2^(b−1) − 1; the errors of a block of n with the Euclidean norm are together at most
/// min(n/4s², √n/s)·‖v‖². With exponential levels it is at most v²/8, or c²/4^s below the least level; they suit blocks
/// whose values differ by orders of magnitude, uniform ones all others. The scale of `max` is never greater than that of
/// `euclidean`, which is the literature's, and so are these bounds.
///
/// Sources: D. Alistarh et al., "QSGD: communication-efficient SGD via gradient quantization and encoding", NeurIPS
/// 2017 (uniform levels); S. Horváth et al., "Natural compression for distributed deep learning", MSML 2022
/// (exponential levels); Liu et al., "QuAsyncFL: asynchronous federated learning with quantization for cloud–edge–
/// terminal collaboration enabled AIoT", IEEE Internet of Things Journal 11(1), 2024 (an unbiased non-uniform quantiser
/// in an asynchronous federation; this is such a one, not a copy of theirs).
public struct StochasticQuantization: Compressor {
  public static let name = "quantized"
  public static let summary = "2 to 8 bits a parameter, rounded by lot so that the mean is kept"

  private let quantizer: BlockQuantizer

  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    quantizer = try BlockQuantizer(from: &mapping)
  }

  package init(_ quantizer: BlockQuantizer) { self.quantizer = quantizer }

  /// No: what is lost has mean zero.
  public var keepsResidual: Bool { false }

  public func encode(_ difference: [Float], using stream: inout RandomStream) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: quantizer.byteCount(of: difference.count))
    var places = bytes.mutableSpan
    quantizer.encode(difference.span, into: &places, at: 0, using: &stream)
    return bytes
  }

  public func decode(_ bytes: [UInt8], count: Int) throws(TransportError) -> [Float] {
    guard bytes.count == quantizer.byteCount(of: count) else {
      throw TransportError(
        "\(count) parameters of \(quantizer.bits) bits take \(quantizer.byteCount(of: count)) bytes, and "
          + "\(bytes.count) arrived")
    }
    var values = [Float](repeating: 0, count: count)
    var places = values.mutableSpan
    try quantizer.decode(bytes.span, at: 0, into: &places)
    return values
  }
}
