import ReinforcementLearning

/// Where the next value of an observation goes, in one row for each of some lanes.
public struct RowCursor {
  /// The index of the first row's next value.
  var next: Int
  /// Values from one row to the next.
  let stride: Int
  /// The lanes that are written.
  let lanes: Range<Int>

  /// The rows of the first lanes of a block.
  @inline(__always)
  init(next: Int, stride: Int, lanes: Int) {
    self.next = next
    self.stride = stride
    self.lanes = 0..<lanes
  }

  /// The row of one lane.
  @inline(__always)
  init(next: Int, lane: Int) {
    self.next = next
    stride = 0
    lanes = lane..<lane + 1
  }

  /// Writes the next value of each row.
  @inline(__always)
  mutating func write(_ value: Lanes, to rows: inout MutableSpan<Float>) {
    let value = SIMD4<Float>(value)
    if lanes.count == 4 {
      rows[next] = value[0]
      rows[next + stride] = value[1]
      rows[next + 2 * stride] = value[2]
      rows[next + 3 * stride] = value[3]
    } else {
      for lane in lanes { rows[next + (lane - lanes.lowerBound) * stride] = value[lane] }
    }
    next += 1
  }
}

extension ParticleLayout {
  /// Writes the offsets of the landmarks from an agent.
  @inline(__always)
  func writeLandmarks(
    seenBy agent: Int, in block: borrowing Span<Lanes>, at cursor: inout RowCursor, into rows: inout MutableSpan<Float>
  ) {
    let (ownX, ownY) = (block[x(agent)], block[y(agent)])
    for landmark in 0..<landmarks {
      cursor.write(block[landmarkX(landmark)] - ownX, to: &rows)
      cursor.write(block[landmarkY(landmark)] - ownY, to: &rows)
    }
  }

  /// Writes the offsets of the other agents from an agent.
  @inline(__always)
  func writeOthers(
    seenBy agent: Int, in block: borrowing Span<Lanes>, at cursor: inout RowCursor, into rows: inout MutableSpan<Float>
  ) {
    let (ownX, ownY) = (block[x(agent)], block[y(agent)])
    for other in 0..<agents where other != agent {
      cursor.write(block[x(other)] - ownX, to: &rows)
      cursor.write(block[y(other)] - ownY, to: &rows)
    }
  }

  /// Writes an agent's velocity.
  @inline(__always)
  func writeVelocity(
    of agent: Int, in block: borrowing Span<Lanes>, at cursor: inout RowCursor, into rows: inout MutableSpan<Float>
  ) {
    cursor.write(block[velocityX(agent)], to: &rows)
    cursor.write(block[velocityY(agent)], to: &rows)
  }

  /// Writes an agent's position.
  @inline(__always)
  func writePosition(
    of agent: Int, in block: borrowing Span<Lanes>, at cursor: inout RowCursor, into rows: inout MutableSpan<Float>
  ) {
    cursor.write(block[x(agent)], to: &rows)
    cursor.write(block[y(agent)], to: &rows)
  }
}

extension ObservationField {
  /// Both coordinates of a velocity.
  static func velocity(_ name: String, upTo limit: Float, _ meaning: String) -> [ObservationField] {
    ["x", "y"].map { ObservationField("\(name)_\($0)", unit: "m/s", in: -limit...limit, "\(meaning) along \($0)") }
  }

  /// Both coordinates of a position or an offset, which have no bound.
  static func place(_ name: String, _ meaning: String) -> [ObservationField] {
    ["x", "y"].map {
      ObservationField("\(name)_\($0)", unit: "m", in: -.infinity ... .infinity, "\(meaning) along \($0)")
    }
  }

  /// Where landmarks are, seen from the agent.
  static func landmarks(_ count: Int) -> [ObservationField] {
    (0..<count).flatMap { place("landmark_\($0)", "offset of landmark \($0)") }
  }

  /// Where other agents are, seen from the agent.
  static func others(_ count: Int) -> [ObservationField] {
    (0..<count).flatMap { place("other_\($0)", "offset of the other agent \($0)") }
  }
}
