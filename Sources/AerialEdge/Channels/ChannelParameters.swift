/// Every constant of a world in which dense devices choose channels. SI units unless a name says otherwise.
public struct ChannelParameters: Sendable, Equatable {
  /// How a device says what it does.
  public enum Actions: String, Sendable, CaseIterable {
    /// Silence or a channel, at the greatest power.
    case discrete
    /// Silence or a channel, and the power as a real number.
    case hybrid
  }

  /// Slots and episodes.
  public struct Time: Sendable, Equatable {
    /// The length of a slot.
    public var step_s: Double
    /// Slots in an episode.
    public var steps: Int
  }

  /// The devices on the ground.
  public struct Devices: Sendable, Equatable {
    /// How many there are.
    public var count: Int
    /// Hot spots that they crowd in; 0 for none.
    public var clusters: Int
    /// The radius of a hot spot.
    public var clusterRadius_m: Double
    /// The mean time for which a device has packets, one a slot.
    public var busy_s: Double
    /// The mean time between.
    public var quiet_s: Double
  }

  /// The relays in the air, each on a circle about its place in a grid.
  public struct Relays: Sendable, Equatable {
    /// Columns of the grid.
    public var columns: Int
    /// Rows of the grid.
    public var rows: Int
    /// Height above the ground.
    public var height_m: Double
    /// The radius of the circles.
    public var orbit_m: Double
    /// The speed on them.
    public var speed_mps: Double
  }

  /// The radio between devices and relays.
  public struct Radio: Sendable, Equatable {
    /// What the ground is built with.
    public var surroundings: Surroundings
    /// Carrier frequency.
    public var carrier_Hz: Double
    /// How many channels there are.
    public var channels: Int
    /// The width of a channel.
    public var bandwidth_Hz: Double
    /// The least and the greatest transmit power.
    public var transmit_dBm: ClosedRange<Double>
    /// Noise figure of a relay's receiver.
    public var noiseFigure_dB: Double
    /// The SINR from which a device is served.
    public var threshold_dB: Double
    /// Greatest spectral efficiency, bit/s/Hz.
    public var spectralEfficiencyCap: Double
  }

  /// The weights of the reward served − conflict + efficiency − energy.
  public struct Reward: Sendable, Equatable {
    /// Weight of being served.
    public var servedWeight: Double
    /// Weight of having sent in vain.
    public var conflictWeight: Double
    /// Weight of the spectral efficiency of a device that is served, bit/s/Hz.
    public var efficiencyWeight: Double
    /// Weight of the transmit energy.
    public var energyWeight: Double
    /// The energy that counts as one.
    public var energyReference_J: Double
  }

  /// The scenario's name: `aerial/dense-channels-50`.
  public var id: String
  /// The form of actions.
  public var actions: Actions
  /// The side of the square.
  public var side_m: Double
  /// Slots and episodes.
  public var time: Time
  /// Devices.
  public var devices: Devices
  /// Relays.
  public var relays: Relays
  /// Radio.
  public var radio: Radio
  /// Reward.
  public var reward: Reward
}
