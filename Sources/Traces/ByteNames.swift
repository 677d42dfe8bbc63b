/// Names as bytes, each with a number: 0, 1, 2 … in the order they first came.
///
/// A look-up makes no `String`. O(length) expected.
struct ByteNames {
  private var bytes: [UInt8] = []
  /// Where the bytes of each name end.
  private var ends: [Int] = []
  /// Numbers by hash, -1 where free; the size is a power of two, at most half is taken.
  private var slots: [Int32] = Array(repeating: -1, count: 64)

  var count: Int { ends.count }

  /// The name of a number.
  func name(_ number: Int) -> String {
    String(decoding: bytes[range(number)], as: UTF8.self)
  }

  /// The number of a zero-terminated name, which is a new one if the name is new.
  mutating func number(of name: UnsafePointer<CChar>) -> Int {
    var length = 0
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    while unsafe name[length] != 0 {
      hash = unsafe (hash ^ UInt64(UInt8(bitPattern: name[length]))) &* 0x100_0000_01b3
      length += 1
    }
    var slot = Self.slot(hash, among: slots.count)
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if unsafe isName(number, name, length: length) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    let number = ends.count
    slots[slot] = Int32(number)
    for index in 0..<length { bytes.append(unsafe UInt8(bitPattern: name[index])) }
    ends.append(bytes.count)
    if ends.count * 2 > slots.count { grow() }
    return number
  }

  private func range(_ number: Int) -> Range<Int> {
    (number == 0 ? 0 : ends[number - 1])..<ends[number]
  }

  private func isName(_ number: Int, _ name: UnsafePointer<CChar>, length: Int) -> Bool {
    let range = range(number)
    guard range.count == length else { return false }
    for index in 0..<length {
      guard unsafe bytes[range.lowerBound + index] == UInt8(bitPattern: name[index]) else { return false }
    }
    return true
  }

  private static func slot(_ hash: UInt64, among count: Int) -> Int {
    Int(truncatingIfNeeded: hash ^ hash >> 32) & (count - 1)
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for number in ends.indices {
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for index in range(number) { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
      var slot = Self.slot(hash, among: slots.count)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number)
    }
  }
}
