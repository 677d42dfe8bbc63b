import Glibc

/// Devices that live on the power an access point sends, and compute what they sense here or there, all or nothing.
///
/// In a frame of length 1 the access point sends power for a share a; a device computes locally with what it harvests, or
/// sends its data to the access point in a share τ_j of its own. With h the channel gains, w the weights and
/// a + Σ τ_j ≤ 1 the weighted computation rate is
///
///     Σ over local i of w_i η₁ (h_i/k)^⅓ a^⅓ + Σ over sending j of w_j ε τ_j ln(1 + η₂ h_j² a/τ_j),
///
/// η₁ = (μP)^⅓/φ, η₂ = μP/N₀, ε = B/(v ln 2). Sources: S. Bi, Y. J. Zhang, IEEE TWC 17 (2018) 4177; L. Huang, S. Bi,
/// Y. J. Zhang, IEEE TMC 19 (2020) 2581.
public struct WirelessPoweredNetwork: Sendable, Equatable {
  /// w, the weight of each device.
  public let weights: [Double]
  /// P, what the access point sends.
  public var power_W = 3.0
  /// μ, the share of what arrives that is harvested.
  public var harvestEfficiency = 0.7
  /// φ, the cycles of a bit.
  public var cyclesPerBit = 100.0
  /// k, the effective switched capacitance.
  public var switchedCapacitance = 1e-26
  /// N₀, the noise at the access point.
  public var noise_W = 1e-10
  /// B.
  public var bandwidth_Hz = 2e6
  /// v, the bits sent for each bit of data.
  public var overhead = 1.1

  /// A network of devices with the published constants.
  public init(weights: [Double]) {
    precondition(!weights.isEmpty && weights.allSatisfy { $0 > 0 }, "devices need weights above 0")
    self.weights = weights
  }

  /// The published network: weights 1 and 1.5 in turn.
  public static func published(devices: Int = 10) -> WirelessPoweredNetwork {
    WirelessPoweredNetwork(weights: (0..<devices).map { $0 % 2 == 0 ? 1 : 1.5 })
  }

  /// How a frame is shared, and what comes of it.
  public struct Allocation: Sendable, Equatable {
    /// The weighted computation rate.
    public let rate_bps: Double
    /// a, the share of the frame in which power is sent.
    public let powerShare: Double
    /// τ, the share in which each device sends; 0 for one that computes locally.
    public let sendingShares: [Double]
    /// A rate that no shares can beat, by weak duality at the multiplier found.
    public let upperBound_bps: Double
  }

  /// What does not depend on the decision: local rate at a = 1, w ε, η₂ h².
  private struct Device {
    let local: Double
    let scale: Double
    let gain: Double
  }

  private func devices(_ gains: [Double]) -> [Device] {
    precondition(gains.count == weights.count, "\(gains.count) gains do not fit \(weights.count) devices")
    let received = harvestEfficiency * power_W
    return gains.indices.map { index in
      Device(
        local: weights[index] * cbrt(received) / cyclesPerBit * cbrt(gains[index] / switchedCapacitance),
        scale: weights[index] * bandwidth_Hz / (overhead * Glibc.log(2)),
        gain: received / noise_W * gains[index] * gains[index])
    }
  }

  /// The rate of given shares.
  public func rate_bps(gains: [Double], sends: [Bool], powerShare: Double, sendingShares: [Double]) -> Double {
    let devices = devices(gains)
    var sum = 0.0
    for (index, device) in devices.enumerated() {
      if !sends[index] {
        sum += device.local * cbrt(powerShare)
      } else if sendingShares[index] > 0 {
        sum += device.scale * sendingShares[index] * log1p(device.gain * powerShare / sendingShares[index])
      }
    }
    return sum
  }

  /// The best shares for a decision, which is a concave problem.
  ///
  /// With λ the price of time and s_j = η₂h_j² a/τ_j, the conditions are w_j ε (ln(1 + s_j) − s_j/(1 + s_j)) = λ for each
  /// sender and A/3 · a^(−⅔) + Σ w_j ε η₂h_j²/(1 + s_j) = λ for a, A the sum of the local rates. The left side minus λ
  /// falls in λ, so λ is found by bisection, and each s_j by Newton's method on a convex function.
  public func allocation(gains: [Double], sends: [Bool]) -> Allocation {
    allocation(devices(gains), sends: sends).allocation
  }

  private func allocation(_ devices: [Device], sends: [Bool]) -> (allocation: Allocation, price: Double) {
    let senders = devices.indices.filter { sends[$0] }
    let local = devices.indices.reduce(0) { $0 + (sends[$1] ? 0 : devices[$1].local) }
    guard !senders.isEmpty else {
      let shares = [Double](repeating: 0, count: devices.count)
      return (Allocation(rate_bps: local, powerShare: 1, sendingShares: shares, upperBound_bps: local), local / 3)
    }
    /// a and the excess of the left side over λ.
    func state(_ price: Double) -> (power: Double, excess: Double) {
      var time = 0.0
      var value = 0.0
      for index in senders {
        let ratio = Self.ratio(price / devices[index].scale)
        time += devices[index].gain / ratio
        value += devices[index].scale * devices[index].gain / (1 + ratio)
      }
      let power = 1 / (1 + time)
      return (power, local / 3 / (cbrt(power) * cbrt(power)) + value - price)
    }
    var high = 1.0
    while state(high).excess > 0 { high *= 2 }
    var low = high / 2
    while state(low).excess < 0 { low /= 2 }
    while high - low > 1e-14 * high {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if state(middle).excess > 0 { low = middle } else { high = middle }
    }
    let price = low + (high - low) / 2
    let power = state(price).power
    var shares = [Double](repeating: 0, count: devices.count)
    for index in senders { shares[index] = devices[index].gain * power / Self.ratio(price / devices[index].scale) }
    var rate = local * cbrt(power)
    for index in senders where shares[index] > 0 {
      rate += devices[index].scale * shares[index] * log1p(devices[index].gain * power / shares[index])
    }
    let worth = senders.reduce(0) { sum, index in
      sum + devices[index].scale * devices[index].gain / (1 + Self.ratio(price / devices[index].scale))
    }
    let allocation = Allocation(
      rate_bps: rate, powerShare: power, sendingShares: shares,
      upperBound_bps: Self.dual(local: local, worth: worth, price: price))
    return (allocation, price)
  }

  /// The s > 0 with ln(1 + s) − s/(1 + s) = y, y > 0.
  ///
  /// With t = ln(1 + s): t − 1 + e^(−t) = y is convex and rising, and t = y + 1 lies above its root, so Newton's method
  /// falls to it.
  static func ratio(_ value: Double) -> Double {
    var t = value + 1
    for _ in 0..<60 {
      let step = (t + expm1(-t) - value) / -expm1(-t)
      t -= step
      if step <= 1e-16 * t { break }
    }
    return expm1(t)
  }

  /// λ + max over a ≥ 0 of (A a^⅓ − (λ − B) a): no decision's shares beat it at any price, B the worth of power to senders.
  private static func dual(local: Double, worth: Double, price: Double) -> Double {
    let margin = price - worth
    guard margin > 0 else { return .infinity }
    guard local > 0 else { return price }
    let power = (local / (3 * margin)) * (local / (3 * margin)).squareRoot()
    return price + local * cbrt(power) - margin * power
  }

  /// The best decision of all with its shares. Exact; 2ⁿ decisions for n ≤ 24 devices.
  ///
  /// A decision is only solved if its dual bound at the price of the best one so far leaves room for a better rate;
  /// most are ruled out by two sums.
  public func optimum(gains: [Double]) -> (sends: [Bool], allocation: Allocation) {
    let count = gains.count
    precondition(count <= 24, "all decisions are tried for at most 24 devices, not \(count)")
    let devices = devices(gains)
    var best = (
      sends: [Bool](repeating: false, count: count),
      allocation: allocation(devices, sends: Array(repeating: false, count: count)).allocation
    )
    var worths: [Double] = []
    var price = 0.0
    func reprice(_ new: Double) {
      price = new
      worths = devices.map { $0.scale * $0.gain / (1 + Self.ratio(new / $0.scale)) }
    }
    reprice(best.allocation.rate_bps / 3)
    for mask in 1..<1 << count {
      var local = 0.0
      var worth = 0.0
      for index in 0..<count {
        if mask >> index & 1 == 0 { local += devices[index].local } else { worth += worths[index] }
      }
      guard Self.dual(local: local, worth: worth, price: price) > best.allocation.rate_bps else { continue }
      let sends = (0..<count).map { mask >> $0 & 1 == 1 }
      let found = allocation(devices, sends: sends)
      if found.allocation.rate_bps > best.allocation.rate_bps {
        best = (sends, found.allocation)
        reprice(found.price)
      }
    }
    return best
  }
}
