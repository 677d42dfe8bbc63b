public import EdgeCloud

/// Every constant of an offloading scenario on roads. Numbers are SI units unless a name says otherwise.
public struct VehicularParameters: Sendable {
  /// How often is decided and how long an episode is.
  public struct Time: Sendable, Equatable {
    /// The length of a slot, the time between decisions.
    public var step_s: Double
    /// Slots in an episode.
    public var steps: Int
  }

  /// The road-side units.
  public struct Units: Sendable, Equatable {
    /// Ground positions.
    public var positions_m: [(x: Double, y: Double)]
    /// Antenna height.
    public var height_m: Double
    /// The ground distance up to which a vehicle can use a unit.
    public var reach_m: Double
    /// How many of the units in reach, the strongest first, an agent sees and may choose.
    public var choices: Int
    /// Clock speed of one server.
    public var cpu_Hz: Double
    /// Servers at each unit.
    public var servers: Int

    public static func == (a: Units, b: Units) -> Bool {
      a.positions_m.elementsEqual(b.positions_m) { $0 == $1 } && a.height_m == b.height_m && a.reach_m == b.reach_m
        && a.choices == b.choices && a.cpu_Hz == b.cpu_Hz && a.servers == b.servers
    }
  }

  /// The radio between vehicles and units.
  public struct Radio: Sendable, Equatable {
    /// Carrier frequency.
    public var carrier_Hz: Double
    /// The band that every unit uses (reuse one), divided equally among the uploads of a slot.
    public var bandwidth_Hz: Double
    /// Transmit powers to choose from, rising; where the power is a real number at least two, the first and last
    /// being its ends.
    public var powers_dBm: [Double]
    /// Antenna gain of a vehicle and of a unit together.
    public var antennaGain_dB: Double
    /// Antenna height of a vehicle.
    public var vehicleHeight_m: Double
    /// Noise figure of a unit's receiver.
    public var noiseFigure_dB: Double
    /// Greatest spectral efficiency, bit/s/Hz.
    public var spectralEfficiencyCap: Double
  }

  /// The computers in the vehicles.
  public struct Device: Sendable, Equatable {
    /// The slowest and the fastest vehicle's greatest clock speed; uniform between them.
    public var cpu_Hz: ClosedRange<Double>
    /// The lowest clock speed that any of them can be set to.
    public var slowest_Hz: Double
    /// κ in E = κ f² C.
    public var switchedCapacitance: Double
  }

  /// The cloud behind the units.
  public struct Cloud: Sendable, Equatable {
    /// Clock speed of one server.
    public var cpu_Hz: Double
    /// Servers.
    public var servers: Int
    /// Rate from a unit to the cloud for one task.
    public var backhaul_bps: Double
    /// Delay from a unit to the cloud and back.
    public var roundTrip_s: Double
  }

  /// The weights of the reward −(latency · s + energy · E/E₀ + miss · [missed]), where s is ℓ/T of a task whose result
  /// came back in time and 1 of any other.
  public struct Reward: Sendable, Equatable {
    /// Weight of the latency as a share of the deadline.
    public var latencyWeight: Double
    /// Weight of the vehicle's energy in units of `energyReference_J`.
    public var energyWeight: Double
    /// Weight of a missed deadline or a lost task.
    public var missWeight: Double
    /// The energy E₀ that counts as one.
    public var energyReference_J: Double
  }

  /// How an agent says where its task goes and at which power it is sent.
  public enum Actions: String, Sendable, CaseIterable {
    /// One choice among all places and powers.
    case discrete
    /// A choice among places, and the power as a real number between the lowest and the highest.
    case hybrid
    /// A score for each place, of which the greatest counts, and the power: real numbers only.
    case continuous
  }

  /// How vehicles move.
  public enum Mobility: Sendable {
    /// A recorded trace.
    case trace(TraceReplay)
    /// The intelligent driver model on a straight highway.
    case highway(HighwayTraffic)
    /// The grid of streets of TR 36.885.
    case manhattan(ManhattanTraffic)
  }

  /// The scenario's name: `vehicular/highway-offloading`.
  public var id: String
  /// The form of actions.
  public var actions: Actions
  /// Slots and episodes.
  public var time: Time
  /// Movement.
  public var mobility: Mobility
  /// The number of vehicles that can take part at once.
  public var slots: Int
  /// Road-side units.
  public var units: Units
  /// Radio.
  public var radio: Radio
  /// Vehicles' computers.
  public var device: Device
  /// Cloud.
  public var cloud: Cloud
  /// Tasks.
  public var tasks: TaskProcess
  /// Reward.
  public var reward: Reward
}

extension VehicularParameters {
  /// Room for the tasks of one vehicle that may be on their way together; 64 where there may be more.
  var tasksAtOnce: Int {
    let slowest_Hz = min(device.slowest_Hz, units.cpu_Hz, cloud.cpu_Hz)
    let work_s = tasks.bits.upperBound * tasks.cyclesPerBit.upperBound / slowest_Hz
    let hop_s = tasks.bits.upperBound / cloud.backhaul_bps + cloud.roundTrip_s
    let steps = (tasks.deadline_s.upperBound + work_s + hop_s) / time.step_s
    return min(Int(min(steps, 64)) + 2, 64)
  }
}
