import EdgeCloud
import Foundation
import Randomness
import Testing

/// Rows 0, 1, 2, 500 and 1999 of the published optima: gains, modes, a, rate.
///
/// Source: `revenol/DROO@563d6c7:data/data_10.mat`, MIT, Copyright (c) 2018 REVENOL.
private let published: [(gains: [Double], modes: String, powerShare: Double, rate_bps: Double)] = [
  (
    [
      8.503830075109449e-07, 3.0579545577630124e-06, 2.2405480322479394e-06, 5.438564437995216e-07,
      6.129093252079282e-07, 1.2537218584868725e-06, 3.1600741711386013e-06, 2.1984558740923275e-06,
      1.5544988937777437e-07, 3.880862303766656e-06,
    ],
    "0100001101", 0.6710307630425433, 1510816.988240892
  ),
  (
    [
      6.060203042355075e-06, 1.103319337670281e-05, 1.0021354030999833e-07, 1.216106109427587e-06,
      1.961388383951445e-06, 1.7145633959296557e-06, 5.245635696735847e-06, 5.895307171421966e-07,
      4.077694292319615e-06, 2.8833318579868173e-06,
    ],
    "1100001000", 0.5223502093330512, 3278981.615003657
  ),
  (
    [
      5.52690569892026e-06, 1.4444186707827529e-05, 9.33368801933646e-07, 7.23291617751371e-07, 9.212445041610805e-07,
      4.323408854416762e-06, 7.740953343876297e-07, 1.011333293848925e-06, 3.535522412230932e-08, 4.723955440463712e-07,
    ],
    "1100010000", 0.4830110831866368, 3875044.173392387
  ),
  (
    [
      9.566583214259635e-06, 2.0655129203917233e-06, 2.7554269609370606e-06, 7.001252250517321e-06,
      2.7389778231288795e-06, 2.1067987626582944e-06, 1.0238348010790663e-06, 6.072022423567588e-06,
      7.083449292510018e-07, 7.671788152751427e-08,
    ],
    "1001000100", 0.5273613270211532, 2999762.549016916
  ),
  (
    [
      8.727966972903033e-06, 4.88321339878628e-06, 8.16703780547109e-07, 3.380707810358335e-06, 3.3123496987854623e-07,
      4.7592254494054274e-07, 3.6407655678739094e-07, 2.2355272394073884e-07, 1.3969358402579337e-06,
      3.0162208416569767e-06,
    ],
    "1101000001", 0.5585738012184734, 2261183.5364953578
  ),
]

struct WirelessPoweredNetworkTests {
  private let network = WirelessPoweredNetwork.published()

  private func sends(_ modes: String) -> [Bool] { modes.map { $0 == "1" } }

  @Test(arguments: published.indices) func `agrees with published optima`(row: Int) {
    let (gains, modes, powerShare, rate) = published[row]
    let shares = network.allocation(gains: gains, sends: sends(modes))
    #expect(abs(shares.rate_bps - rate) < 1e-6 * rate)
    #expect(abs(shares.powerShare - powerShare) < 1e-4)
    let optimum = network.optimum(gains: gains)
    #expect(optimum.sends == sends(modes))
    #expect(abs(optimum.allocation.rate_bps - rate) < 1e-6 * rate)
  }

  @Test func `shares fill the frame, give the rate they claim, and no shares can beat their bound`() {
    var random = RandomStream(seed: 1)
    for _ in 0..<500 {
      let gains = (0..<10).map { _ in pow(10, random.uniform(in: -9 ..< -4)) }
      let decision = (0..<10).map { _ in random.bernoulli(0.4) }
      let found = network.allocation(gains: gains, sends: decision)
      #expect(abs(found.powerShare + found.sendingShares.reduce(0, +) - 1) < 1e-9)
      #expect(zip(decision, found.sendingShares).allSatisfy { $0 || $1 == 0 })
      let rate = network.rate_bps(
        gains: gains, sends: decision, powerShare: found.powerShare, sendingShares: found.sendingShares)
      #expect(abs(rate - found.rate_bps) < 1e-12 * rate)
      #expect(found.upperBound_bps >= found.rate_bps * (1 - 1e-12))
      #expect(found.upperBound_bps <= found.rate_bps * (1 + 1e-8))
      // Shares that are moved a little, or drawn anew, are no better.
      for _ in 0..<20 {
        var other = [found.powerShare] + found.sendingShares
        let size = random.bernoulli(0.5) ? 1e-2 : 1
        for index in other.indices where other[index] > 0 { other[index] *= exp(size * random.normal()) }
        let sum = other.reduce(0, +)
        let moved = network.rate_bps(
          gains: gains, sends: decision, powerShare: other[0] / sum, sendingShares: other.dropFirst().map { $0 / sum })
        #expect(moved <= found.rate_bps * (1 + 1e-12))
      }
    }
  }

  @Test func `the optimum is the best of all decisions`() {
    var random = RandomStream(seed: 2)
    let small = WirelessPoweredNetwork.published(devices: 6)
    for _ in 0..<50 {
      let gains = (0..<6).map { _ in pow(10, random.uniform(in: -8 ..< -5)) }
      let rates = (0..<64).map { mask in
        small.allocation(gains: gains, sends: (0..<6).map { mask >> $0 & 1 == 1 }).rate_bps
      }
      #expect(small.optimum(gains: gains).allocation.rate_bps == rates.max())
    }
  }

  @Test func `all local is the closed form`() {
    // η₁ (h/k)^⅓ at a = 1, with η₁ = 2.1^⅓ / 100.
    let one = WirelessPoweredNetwork(weights: [2]).allocation(gains: [1e-6], sends: [false])
    #expect(abs(one.rate_bps - 2 * 0.0128057916 * pow(1e20, 1.0 / 3)) < 1e-8 * one.rate_bps)
    #expect(one.powerShare == 1)
  }

  @Test func `over two thousand published optima the ratio is at least 0.999`() throws {
    let path = URL(filePath: #filePath).resolvingSymlinksInPath()
      .appending(path: "../../../../../shared/data/droo/droo10_first2000.csv.gz").standardizedFileURL.path
    guard FileManager.default.fileExists(atPath: path) else {
      print("skipped: \(path) is absent")
      return
    }
    let unpack = Process()
    unpack.executableURL = URL(filePath: "/usr/bin/env")
    unpack.arguments = ["gzip", "-dc", path]
    let pipe = Pipe()
    unpack.standardOutput = pipe
    try unpack.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    unpack.waitUntilExit()
    let rows = text.split(separator: "\n").dropFirst()
    #expect(rows.count == 2000)
    var least = Double.infinity
    var most = 0.0
    var same = 0
    var better: [Int] = []
    for row in rows {
      let numbers = row.split(separator: ",").compactMap { Double($0) }
      try #require(numbers.count == 33)
      let optimum = network.optimum(gains: Array(numbers[1...10]))
      let ratio = optimum.allocation.rate_bps / numbers[32]
      least = min(least, ratio)
      if ratio > 1 + 1e-6 {
        better.append(Int(numbers[0]))
        let rate = network.rate_bps(
          gains: Array(numbers[1...10]), sends: optimum.sends, powerShare: optimum.allocation.powerShare,
          sendingShares: optimum.allocation.sendingShares)
        #expect(abs(rate - optimum.allocation.rate_bps) < 1e-12 * rate)
      }
      most = max(most, ratio)
      if optimum.sends == numbers[11...20].map({ $0 == 1 }) { same += 1 }
    }
    print("DROO: ratio to the published optimum \(least) to \(most), same decision in \(same) of \(rows.count)")
    #expect(least >= 0.999)
    // One published decision is not the best: in row 1300 devices 1, 2 and 5 give 2,492,645 bit/s, the published 0, 1 and
    // 2 give 2,490,951.
    #expect(better == [1300])
    #expect(most < 1.0007)
    #expect(same == 1999)
  }
}
