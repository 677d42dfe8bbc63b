/// The data that a collector took from one sensor at once.
struct Haul: Sendable, Equatable {
  var sensor = -1
  /// Packets in it.
  var packets = 0
  /// Its bits.
  var size_bits = 0.0
  /// Bits that are still to be processed, or to be sent.
  var left_bits = 0.0
  /// When its newest packet was made.
  var newest_s = 0.0
  /// The times at which its packets were made, added up.
  var made_s = 0.0
  /// The age that the published code keeps count of.
  var age_s = 0.0
  /// When it was taken.
  var taken = 0
  /// The first slot in which it can be processed.
  var ready = 0

  static let numberCount = 9

  var numbers: [Double] {
    [Double(sensor), Double(packets), size_bits, left_bits, newest_s, made_s, age_s, Double(taken), Double(ready)]
  }

  init() {}

  /// The batch whose ``numbers`` were saved, or nil if they are none.
  init?(numbers: ArraySlice<Double>, sensors: Int) {
    let values = Array(numbers)
    guard values.count == Self.numberCount, values.allSatisfy(\.isFinite), let sensor = Int(exactly: values[0]),
      (-1..<sensors).contains(sensor), let packets = Int(exactly: values[1]), (0...1 << 40).contains(packets),
      let taken = Int(exactly: values[7]),
      let ready = Int(exactly: values[8])
    else { return nil }
    (self.sensor, self.packets, self.taken, self.ready) = (sensor, packets, taken, ready)
    (size_bits, left_bits, newest_s, made_s, age_s) = (values[2], values[3], values[4], values[5], values[6])
  }
}
