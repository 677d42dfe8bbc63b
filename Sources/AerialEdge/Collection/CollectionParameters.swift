import EdgeCloud

/// Every constant of a world in which flying collectors bring sensor data to a centre. SI units unless a name says
/// otherwise.
public struct CollectionParameters: Sendable, Equatable {
  /// Which equations hold.
  public enum Dynamics: String, Sendable, CaseIterable {
    /// The physics as they should be: elevation in degrees, losses in dB, one second older each second.
    case corrected
    /// The public code of Zhu et al. (arXiv 2012.14137), defect by defect; the card lists them.
    case published
  }

  /// How a collector says what it does.
  public enum Actions: String, Sendable, CaseIterable {
    /// One of nine moves; batches are served by the greatest gain in age.
    case discrete
    /// One of nine moves, a batch to process and a batch to send.
    case multiDiscrete = "multi-discrete"
    /// A velocity; batches are served by the greatest gain in age.
    case continuous
    /// A pair of batches to process and to send, and a velocity.
    case hybrid
  }

  /// How the centre divides the band.
  public enum Sharing: String, Sendable, CaseIterable {
    /// Every collector the same, whether it sends or not.
    case equal
    /// The same for every collector that has something to send.
    case active
    /// An agent of its own decides.
    case centre
  }

  /// Slots and episodes.
  public struct Time: Sendable, Equatable {
    /// The length of a slot.
    public var step_s: Double
    /// Slots in an episode.
    public var steps: Int
  }

  /// The collectors.
  public struct Collectors: Sendable, Equatable {
    /// How many there are.
    public var count: Int
    /// Their constant height above sensors and centre.
    public var height_m: Double
    /// Their greatest speed.
    public var speed_mps: Double
    /// The ground distance up to which a collector sees sensors and other collectors.
    public var observeRadius_m: Double
    /// The ground distance up to which it collects.
    public var collectRadius_m: Double
    /// Batches it can hold before processing, and as many after.
    public var buffer: Int
    /// Bits it processes in a second.
    public var processing_bps: Double
    /// Its transmit power.
    public var transmit_dBm: Double
    /// How many sensors, the nearest first, it sees.
    public var seenSensors: Int
    /// How many other collectors, the nearest first, it sees.
    public var seenCollectors: Int
  }

  /// The sensors.
  public struct Sensors: Sendable, Equatable {
    /// How many there are.
    public var count: Int
    /// The mean of the Poisson distributed bits of a packet.
    public var packetBits: Double
    /// The chance of a packet in a slot.
    public var packetChance: Double
    /// Packets of this size and more are not made.
    public var largestPacket_bits: Double
    /// The rate at which a sensor hands over its data.
    public var rate_bps: Double
    /// The seed of the sensors' places if they are the same in every episode.
    public var layoutSeed: UInt64?
  }

  /// The way to the centre.
  public struct Uplink: Sendable, Equatable {
    /// Carrier frequency.
    public var carrier_Hz: Double
    /// The band that all collectors share.
    public var bandwidth_Hz: Double
    /// Noise per hertz.
    public var noise_dBmPerHz: Double
    /// What the ground is built with.
    public var surroundings: Surroundings
    /// Greatest spectral efficiency, bit/s/Hz; infinite for Shannon's.
    public var spectralEfficiencyCap: Double
    /// Who divides the band.
    public var sharing: Sharing
  }

  /// The weights of the reward −(age · mean age/reference + energy · E/E₀).
  public struct Reward: Sendable, Equatable {
    /// Weight of the mean age.
    public var ageWeight: Double
    /// The age that counts as one.
    public var ageReference_s: Double
    /// Weight of a collector's transmit energy.
    public var energyWeight: Double
    /// The energy that counts as one.
    public var energyReference_J: Double
  }

  /// The scenario's name: `aerial/hmaac`.
  public var id: String
  /// The equations.
  public var dynamics: Dynamics
  /// The form of actions.
  public var actions: Actions
  /// The side of the square; the centre stands in its middle.
  public var side_m: Double
  /// Slots and episodes.
  public var time: Time
  /// Collectors.
  public var collectors: Collectors
  /// Sensors.
  public var sensors: Sensors
  /// Uplink.
  public var uplink: Uplink
  /// Reward.
  public var reward: Reward
}
