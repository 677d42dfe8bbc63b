public import Configuration
public import Randomness

/// `top-k`: the parameters that change most, the rest later.
///
/// Keys: `fraction`, the share of the parameters that is sent, more than 0 and at most 1; `bits`, absent for 32-bit
/// values, else 2 to 8 with `levels`, `norm` and `block_size` as ``StochasticQuantization`` has them.
///
/// Of d parameters k are sent, fraction · d to the nearest whole number and at least one: those of greatest magnitude, of equal ones the first. They take the
/// bytes of their places (``GapCode``) and then 4 bytes each or those of k quantised parameters. At one in a hundred
/// the places take 8.1 bits each, if they are spread at random; at one in ten, 4.8.
///
/// What is not sent is kept and added to the next difference, without which the sum of what arrives would not approach
/// the sum of what was wanted.
///
/// Sources: D. Alistarh et al., "The convergence of sparsified gradient methods", NeurIPS 2018; S. U. Stich et al.,
/// "Sparsified SGD with memory", NeurIPS 2018.
public struct TopKSparsification: Compressor {
  public static let name = "top-k"
  public static let summary = "the parameters that change most; what is left out is made up for later"

  private let fraction: Double
  private let quantizer: BlockQuantizer?

  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    fraction = try mapping.number("fraction", in: .positive.to(1))
    quantizer = mapping.has("bits") ? try BlockQuantizer(from: &mapping) : nil
  }

  package init(fraction: Double, quantizer: BlockQuantizer? = nil) {
    precondition(fraction > 0 && fraction <= 1, "a fraction of \(fraction)")
    self.fraction = fraction
    self.quantizer = quantizer
  }

  public var keepsResidual: Bool { true }

  /// How many of `count` parameters are sent.
  package func keptCount(of count: Int) -> Int { min(count, max(1, Int((fraction * Double(count)).rounded()))) }

  /// The bytes of so many values, without their places.
  private func valueBytes(of count: Int) -> Int { quantizer?.byteCount(of: count) ?? 4 * count }

  public func encode(_ difference: [Float], using stream: inout RandomStream) -> [UInt8] {
    let places = GreatestElements.places(of: keptCount(of: difference.count), in: difference.span)
    var values = [Float](repeating: 0, count: places.count)
    for (index, place) in places.enumerated() { values[index] = difference[Int(place)] }
    var bytes: [UInt8] = []
    GapCode.append(places.span, to: &bytes)
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: valueBytes(of: places.count)))
    var room = bytes.mutableSpan
    if let quantizer {
      quantizer.encode(values.span, into: &room, at: start, using: &stream)
    } else {
      for index in 0..<values.count {
        LittleEndian.write(values[index].bitPattern, into: &room, at: start + 4 * index)
      }
    }
    return bytes
  }

  public func decode(_ bytes: [UInt8], count: Int) throws(TransportError) -> [Float] {
    let kept = keptCount(of: count)
    let (places, start) = try GapCode.read(bytes.span, count: kept, below: count)
    guard bytes.count - start == valueBytes(of: kept) else {
      throw TransportError(
        "\(kept) of \(count) parameters take \(valueBytes(of: kept)) bytes behind their places, and "
          + "\(bytes.count - start) arrived")
    }
    var values = [Float](repeating: 0, count: kept)
    if let quantizer {
      var room = values.mutableSpan
      try quantizer.decode(bytes.span, at: start, into: &room)
    } else {
      for index in 0..<kept { values[index] = Float(bitPattern: LittleEndian.read(bytes.span, at: start + 4 * index)) }
    }
    var difference = [Float](repeating: 0, count: count)
    for (index, place) in places.enumerated() { difference[Int(place)] = values[index] }
    return difference
  }
}
