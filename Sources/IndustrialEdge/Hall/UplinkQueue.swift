/// Uploads in the order of service, each with what is left of it.
///
/// The head is sent over all blocks that are left, then the next. A ring of fixed size; at most one upload of a device.
struct UplinkQueue: Sendable {
  /// Devices in the order of service; a ring.
  private(set) var order: [Int32]
  private(set) var first = 0
  private(set) var count = 0
  /// Bits left of a device's upload; 0 if it has none.
  var bits: [Double]
  /// When a device's upload is of no use any more.
  private(set) var deadline_s: [Double]

  init(devices: Int) {
    order = [Int32](repeating: 0, count: max(devices, 1))
    bits = [Double](repeating: 0, count: devices)
    deadline_s = bits
  }

  mutating func reset() {
    first = 0
    count = 0
    for device in bits.indices { (bits[device], deadline_s[device]) = (0, 0) }
  }

  /// The device whose upload is sent now.
  var head: Int? { count == 0 ? nil : Int(order[first]) }

  /// The device at a place of the order.
  func device(at place: Int) -> Int { Int(order[(first + place) % order.count]) }

  /// Adds a device's upload; among those from a place on, the earliest deadline comes first.
  mutating func insert(_ device: Int, bits amount: Double, deadline_s deadline: Double, from floor: Int) {
    bits[device] = amount
    deadline_s[device] = deadline
    var place = count
    count += 1
    while place > floor, deadline_s[self.device(at: place - 1)] > deadline {
      order[(first + place) % order.count] = order[(first + place - 1) % order.count]
      place -= 1
    }
    order[(first + place) % order.count] = Int32(device)
  }

  /// Takes the head out.
  mutating func removeFirst() {
    bits[Int(order[first])] = 0
    first = (first + 1) % order.count
    count -= 1
  }

  /// Takes a device's upload out wherever it is. O(count).
  mutating func remove(_ device: Int) {
    var kept = 0
    for place in 0..<count {
      let other = order[(first + place) % order.count]
      if Int(other) == device { continue }
      order[(first + kept) % order.count] = other
      kept += 1
    }
    count = kept
    bits[device] = 0
  }

  /// The devices in the order of service.
  var devices: [Int32] { (0..<count).map { order[(first + $0) % order.count] } }

  /// The queue whose order, bits and deadlines were saved, or nil if they do not fit.
  init?(devices: [Int32], bits: [Double], deadline_s: [Double]) {
    self.init(devices: bits.count)
    guard devices.count <= bits.count, Set(devices).count == devices.count,
      devices.allSatisfy({ bits.indices.contains(Int($0)) }), bits.allSatisfy({ $0 >= 0 && $0.isFinite })
    else { return nil }
    for device in devices {
      order[count] = device
      count += 1
    }
    self.bits = bits
    self.deadline_s = deadline_s
  }

  mutating func assign(from other: UplinkQueue) {
    for index in order.indices { order[index] = other.order[index] }
    (first, count) = (other.first, other.count)
    for device in bits.indices {
      bits[device] = other.bits[device]
      deadline_s[device] = other.deadline_s[device]
    }
  }
}
