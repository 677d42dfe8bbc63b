import Glibc

extension AirToGround {
  /// Writes the gains of links from one platform to many terminals by the mean loss, and the squares of their distances
  /// on the ground.
  ///
  /// The gain is k/d² e^(−η ln(10)/10) with k = (c/(4π f))² times the antennas' gain and η the mean excess loss; the same
  /// as ``meanPathLoss_dB(ground_m:height_m:)`` to 2⁻⁴⁸, four links at once.
  ///
  /// - Parameters:
  ///   - x_m: Where the terminals are, to the east.
  ///   - y_m: Where they are, to the north.
  ///   - platform_m: Where the platform is; its third number is its height above the terminals.
  ///   - antennaGain_dB: The gain of both ends.
  ///   - start: Where in `gains` and `ground2_m2` the first terminal stands.
  ///   - gains: Room for a gain of each terminal.
  ///   - ground2_m2: Room for a squared distance of each.
  public func writeMeanGains(
    x_m: [Double], y_m: [Double], platform_m: SIMD3<Double>, antennaGain_dB: Double, from start: Int,
    gains: inout [Double], ground2_m2: inout [Double]
  ) {
    let count = x_m.count
    precondition(
      y_m.count == count && start >= 0 && gains.count >= start + count && ground2_m2.count >= start + count,
      "\(count) terminals from \(start) on need as many coordinates and as much room, not \(y_m.count), \(gains.count) "
        + "and \(ground2_m2.count)")
    let xs = x_m.span
    let ys = y_m.span
    var allGains = gains.mutableSpan
    var allSquares = ground2_m2.mutableSpan
    var gains = allGains._mutatingExtracting(start..<start + count)
    var squares = allSquares._mutatingExtracting(start..<start + count)
    let perDecibel = 0.1 * M_LN10
    let best = exp((antennaGain_dB - freeSpaceAtOneMetre_dB) * perDecibel)
    let blocked = -surroundings.blockedExcess_dB * perDecibel
    let saved = (surroundings.blockedExcess_dB - surroundings.clearExcess_dB) * perDecibel
    let slope = -surroundings.bPerDegree * (180 / Double.pi)
    let offset = surroundings.bPerDegree * surroundings.a_deg + log(surroundings.a_deg)
    let height = SIMD4(repeating: platform_m.z)
    let nearest = SIMD4(repeating: Self.nearestDistance_m * Self.nearestDistance_m)
    var first = 0
    while first < count {
      let isFull = first + 4 <= count
      var (x, y) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
      if isFull {
        x = SIMD4(xs[first], xs[first + 1], xs[first + 2], xs[first + 3])
        y = SIMD4(ys[first], ys[first + 1], ys[first + 2], ys[first + 3])
      } else {
        for lane in 0..<count - first { (x[lane], y[lane]) = (xs[first + lane], ys[first + lane]) }
      }
      let (dx, dy) = (platform_m.x - x, platform_m.y - y)
      let ground2 = (dx * dx).addingProduct(dy, dy)
      let distance2 = ground2.addingProduct(height, height)
      let angle = Lanes.angle(up: height, along: ground2.squareRoot())
      // a e^(−b (θ − a)) with a put into the exponent.
      let odds = Lanes.exp(SIMD4(repeating: offset).addingProduct(angle, SIMD4(repeating: slope)))
      let clear = 1 / (1 + odds)
      let excess = Lanes.exp(SIMD4(repeating: blocked).addingProduct(clear, SIMD4(repeating: saved)))
      let gain = best * excess / distance2.replacing(with: nearest, where: distance2 .< nearest)
      if isFull {
        for lane in 0..<4 {
          gains[first + lane] = gain[lane]
          squares[first + lane] = ground2[lane]
        }
      } else {
        for lane in 0..<count - first {
          gains[first + lane] = gain[lane]
          squares[first + lane] = ground2[lane]
        }
      }
      first += 4
    }
  }
}
