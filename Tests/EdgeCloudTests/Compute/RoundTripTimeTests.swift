import EdgeCloud
import Foundation
import TestSupport
import Testing

@Suite struct RoundTripTimeTests {
  @Test func `the nearest server and the lines over distance are the measured ones`() {
    func milliseconds(_ network: AccessNetwork, _ kilometres: Double) -> Double {
      network.roundTrip(to: Metres(1000 * kilometres)).value * 1000
    }
    let nearest: [(AccessNetwork, Double)] = [
      (.millimetreWave, 7), (.lowBand, 15), (.lowBandTMobile, 20), (.standalone, 59), (.lte, 22),
    ]
    for (network, time) in nearest {
      #expect((milliseconds(network, 0) - time).magnitude < 1e-12)
      #expect((milliseconds(network, 50.001) - time).magnitude < 0.01, "no step at 50 km")
      #expect((milliseconds(network, 299.999) - milliseconds(network, 300)).magnitude < 0.01, "no step at 300 km")
    }
    #expect((milliseconds(.millimetreWave, 1000) - 46.2).magnitude < 1e-9)
    #expect((milliseconds(.lte, 2000) - 87).magnitude < 1e-9)
    #expect((milliseconds(.standalone, 1000) - 53.8).magnitude < 1e-9)
  }

  /// Every band of distance of the measurements, where they are at hand.
  @Test(.enabled("the measurements are not here: ../shared/data/rtt") { FileManager.default.fileExists(atPath: rtt) })
  func `no band's median is farther than 15 ms from the preset`() throws {
    let text = try String(contentsOfFile: rtt, encoding: .utf8)
    let names = [
      "Verizon,5G-NSA-mmWave": AccessNetwork.millimetreWave, "Verizon,5G-NSA-Low-Band": .lowBand,
      "Verizon,4G-LTE": .lte, "TMobile,5G-NSA-Low-Band": .lowBandTMobile, "TMobile,5G-SA-Low-Band": .standalone,
    ]
    var bands = 0
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let cells = line.split(separator: ",").map(String.init)
      guard let network = names["\(cells[0]),\(cells[1])"], let distance = Double(cells[4]), distance < 2700,
        let median = Double(cells[8])
      else { continue }
      let preset = network.roundTrip(to: Metres(1000 * distance)).value * 1000
      #expect((preset - median).magnitude <= 15, "\(line): \(preset)")
      bands += 1
    }
    #expect(bands >= 40)
  }

  /// 1000 km of fibre are 10 ms there and back.
  @Test func `light in fibre takes 5 µs for a kilometre`() {
    let hop = Backhaul(rate: BitsPerSecond(.infinity), fibre: Metres(1e6))
    #expect((hop.roundTrip_s(bits: 1, resultBits: 1) - 10e-3).magnitude < 1e-15)
  }

  @Test func `presets lie in their ranges`() {
    let presets: [(Backhaul, ClosedRange<Double>)] = [
      (.metro, 1e-3...2e-3), (.regionalCloud, 10e-3...20e-3), (.centralCloud, 40e-3...80e-3),
    ]
    for (hop, range) in presets { #expect(range.contains(2 * hop.oneWayDelay_s)) }
  }
}

private let rtt = "\(project)/../shared/data/rtt/rtt_by_distance.csv"
