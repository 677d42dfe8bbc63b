/// The places of the greatest magnitudes in a vector.
package enum GreatestElements {
  /// The places, rising, of the `count` values of greatest magnitude; of equal magnitudes those that stand first.
  ///
  /// Magnitudes are compared by their bits, so that infinity exceeds all numbers and NaN infinity. Their order is found
  /// digit by digit, from the top, in three passes; O(values).
  /// - Precondition: `count` is from 0 to the number of values, of which there are fewer than 2³².
  package static func places(of count: Int, in values: Span<Float>) -> [UInt32] {
    precondition((0...values.count).contains(count), "\(count) of \(values.count) values")
    guard count > 0 else { return [] }
    let (bound, equals) = bound(of: count, in: values)
    var places = [UInt32](repeating: 0, count: count)
    var (found, left) = (0, equals)
    var free = places.mutableSpan
    for place in 0..<values.count {
      let magnitude = values[place].bitPattern & 0x7FFF_FFFF
      guard magnitude >= bound else { continue }
      if magnitude == bound {
        guard left > 0 else { continue }
        left -= 1
      }
      free[found] = UInt32(truncatingIfNeeded: place)
      found += 1
    }
    return places
  }

  /// The bits of the least magnitude among the greatest `count`, and how many of those are equal to it.
  private static func bound(of count: Int, in values: Span<Float>) -> (bits: UInt32, equals: Int) {
    var histogram = [Int](repeating: 0, count: 1 << 11)
    var (prefix, wanted) = (UInt32(0), count)
    for (shift, width) in [(UInt32(20), 11), (9, 11), (0, 9)] as [(UInt32, Int)] {
      var counts = histogram.mutableSpan
      for digit in 0..<counts.count { counts[digit] = 0 }
      let mask = UInt32(1) << UInt32(width) - 1
      let above = UInt32(truncatingIfNeeded: width) &+ shift
      for place in 0..<values.count {
        let magnitude = values[place].bitPattern & 0x7FFF_FFFF
        if magnitude &>> above == prefix { counts[Int(magnitude &>> shift & mask)] &+= 1 }
      }
      var digit = Int(mask)
      while counts[digit] < wanted {
        wanted -= counts[digit]
        digit -= 1
      }
      prefix = prefix << UInt32(width) | UInt32(digit)
    }
    return (prefix, wanted)
  }
}
