public import EdgeCloud

/// Every constant of a scenario in which vehicles share the spectrum of uplinks. SI units unless a name says otherwise.
public struct SpectrumParameters: Sendable {
  /// Which laws the channels follow.
  public enum Channel: String, Sendable, CaseIterable {
    /// The environment of Liang, Ye and Li with its defects: see ``Liang2019PathLoss``.
    case liang2019Compat = "liang2019-compat"
    /// WINNER+ B1 and the uplink of TR 36.885.
    case tr36885
  }

  /// How an agent says on which block it sends, and at which power.
  public enum Actions: String, Sendable, CaseIterable {
    /// One choice among all pairs of block and power.
    case discrete
    /// A power for every block.
    case continuous
    /// A choice among blocks and silence, and a power.
    case hybrid
  }

  /// Slots, and the periods after which positions change and payloads are new.
  public struct Time: Sendable, Equatable {
    /// The length of a slot, the time between decisions.
    public var slot_s: Double
    /// Slots in a period.
    public var periodSlots: Int
    /// Periods in an episode.
    public var periods: Int
    /// The length of a period.
    public var period_s: Double { slot_s * Double(periodSlots) }
  }

  /// How vehicles move.
  public enum Mobility: Sendable, Equatable {
    /// The halved grid of Liang, Ye and Li.
    case liang2019(Liang2019Traffic)
    /// The grid of TR 36.885.
    case manhattan(ManhattanTraffic)
  }

  /// The radio.
  public struct Radio: Sendable, Equatable {
    /// Carrier frequency.
    public var carrier_Hz: Double
    /// Resource blocks; vehicle m has the uplink of block m.
    public var blocks: Int
    /// The width of a block.
    public var blockBandwidth_Hz: Double
    /// Powers between vehicles, rising; −100 dBm and less is silence.
    public var powers_dBm: [Double]
    /// The power of every uplink.
    public var uplinkPower_dBm: Double
    /// Antenna gain of a vehicle.
    public var vehicleGain_dB: Double
    /// Antenna gain of the base station.
    public var baseGain_dB: Double
    /// Noise figure of a vehicle.
    public var vehicleNoiseFigure_dB: Double
    /// Noise figure of the base station.
    public var baseNoiseFigure_dB: Double
    /// Antenna height of a vehicle.
    public var vehicleHeight_m: Double
    /// Antenna height of the base station.
    public var baseHeight_m: Double
    /// Greatest spectral efficiency, bit/s/Hz; infinite where Shannon's law has no cap.
    public var spectralEfficiencyCap: Double
    /// Path loss from a vehicle's transmitter to its own receiver.
    public var selfIsolation_dB: Double
    /// How far vehicles disturb each other; infinite where everybody disturbs everybody.
    public var range_m: Double
    /// The correlation of two vehicles' shadowing toward the base station.
    public var uplinkShadowingCorrelation: Double
  }

  /// The weights of the reward's parts.
  public struct Reward: Sendable, Equatable {
    /// Of the uplinks' mean spectral efficiency in tens of bit/s/Hz.
    public var uplinkWeight: Double
    /// Of a link's spectral efficiency in tens of bit/s/Hz, or 1 once its payload is there.
    public var linkWeight: Double
    /// Of a joule, as a cost.
    public var energyWeight: Double
    /// Whether all agents get the mean of what links and energy bring.
    public var isShared: Bool
  }

  /// The scenario's name: `vehicular/tr36885-spectrum`.
  public var id: String
  /// The laws of the channels.
  public var channel: Channel
  /// The form of actions.
  public var actions: Actions
  /// Slots and periods.
  public var time: Time
  /// Movement.
  public var mobility: Mobility
  /// The number of vehicles; each has one link, to the vehicle that is nearest.
  public var vehicles: Int
  /// Where the base station stands.
  public var base_m: (x: Double, y: Double)
  /// Radio.
  public var radio: Radio
  /// What each link has to deliver in a period.
  public var payload_bits: Double
  /// Reward.
  public var reward: Reward

  /// The number of slots in an episode.
  public var steps: Int { time.periodSlots * time.periods }
  /// The number of uplinks.
  public var uplinks: Int { min(vehicles, radio.blocks) }
  /// A power in dBm at which nothing is radiated.
  public static let silence_dBm = -100.0
  /// The powers that radiate, rising; at least one.
  public var audiblePowers_dBm: [Double] { radio.powers_dBm.filter { $0 > Self.silence_dBm } }

  /// The area in which vehicles move.
  public var area_m: (width: Double, height: Double) {
    switch mobility {
    case .liang2019: (Liang2019Traffic.width_m, Liang2019Traffic.height_m)
    case .manhattan(let traffic): (traffic.width_m, traffic.height_m)
    }
  }
}
