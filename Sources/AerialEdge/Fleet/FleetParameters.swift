public import EdgeCloud

/// Every constant of a scenario in which a fleet serves users on the ground. Numbers are SI units unless a name says
/// otherwise.
public struct FleetParameters: Sendable {
  /// How agents say what they do.
  public enum Actions: String, Sendable, CaseIterable {
    /// One choice among velocities.
    case discrete
    /// Velocity, cell bias, clock speed and, with orthogonal bands, a claim on the band.
    case continuous
    /// Where tasks are computed as a choice, all else as real numbers.
    case hybrid
  }

  /// How often is decided and how long an episode is.
  public struct Time: Sendable, Equatable {
    /// The length of a slot, the time between decisions.
    public var step_s: Double
    /// Slots in an episode.
    public var steps: Int
  }

  /// How users move.
  public enum Movement: Sendable, Equatable {
    /// Not at all.
    case none
    /// By a velocity that remembers.
    case gaussMarkov(GaussMarkovMobility)
    /// From place to place.
    case randomWaypoint(RandomWaypoint)
  }

  /// Where users stand at the start.
  public enum Placement: Sendable, Equatable {
    /// By a point process.
    case process(GroundUsers)
    /// At places of a table, as many as there are users, drawn anew for every episode.
    case places(x_m: [Double], y_m: [Double])
  }

  /// The users on the ground.
  public struct Users: Sendable, Equatable {
    /// How many there are.
    public var count: Int
    /// The height of their antennas.
    public var height_m: Double
    /// Where they stand.
    public var placement: Placement
    /// How they move.
    public var movement: Movement
    /// The slowest and the fastest user's clock speed; uniform between them.
    public var cpu_Hz: ClosedRange<Double>
    /// κ of their computers.
    public var switchedCapacitance: Double
    /// The power they send with.
    public var power_dBm: Double
  }

  /// What happens when two aircraft come too near.
  public enum Avoidance: String, Sendable, CaseIterable {
    /// The later one in their order is stopped on its way where the distance would be less.
    case held
    /// It is counted and costs.
    case penalised
  }

  /// The aircraft.
  public struct Fleet: Sendable, Equatable {
    /// How many there are.
    public var count: Int
    /// The lowest and the highest altitude.
    public var altitude_m: ClosedRange<Double>
    /// The altitude at the start.
    public var startAltitude_m: Double
    /// The places at the start on the ground; empty for the middles of equal cells.
    public var positions_m: [SIMD2<Double>]
    /// Whether the start is drawn in the middle half of each aircraft's cell instead of at its centre.
    public var isStartDrawn: Bool
    /// The greatest speed over ground.
    public var speed_mps: Double
    /// The greatest speed up and down.
    public var climb_mps: Double
    /// The greatest acceleration.
    public var acceleration_mps2: Double
    /// The speeds among which discrete actions choose.
    public var speeds_mps: [Double]
    /// The least distance between two aircraft.
    public var separation_m: Double
    /// What happens below it.
    public var avoidance: Avoidance
  }

  /// How propulsion is counted.
  public enum PropulsionModel: String, Sendable, CaseIterable {
    /// The law of level flight at the speed over ground.
    case level = "zeng2019"
    /// The same with the power that lifts the weight.
    case climbing = "zeng2019-climb"
  }

  /// What flight takes.
  public struct Energy: Sendable, Equatable {
    /// The law.
    public var model: PropulsionModel
    /// The aircraft.
    public var wing: RotaryWing
    /// What radio and electronics take while the aircraft flies.
    public var avionics_W: Double
    /// What a full battery holds.
    public var capacity_J: Double
    /// How full batteries are at the start, 0 ... 1; uniform between the ends.
    public var charge: ClosedRange<Double>
  }

  /// How the band is divided among aircraft.
  public enum Spectrum: String, Sendable, CaseIterable {
    /// Each has a part of its own.
    case orthogonal
    /// All use the whole band and disturb each other.
    case shared
  }

  /// Whether a link has a line of sight.
  public enum Sight: String, Sendable, CaseIterable {
    /// Its loss in dB is averaged over both states.
    case mean
    /// Its state is drawn, the same at a place whenever one comes back.
    case drawn
  }

  /// The radio between users and aircraft.
  public struct Radio: Sendable, Equatable {
    /// The law of loss.
    public var law: FleetChannel.Law
    /// Line of sight.
    public var sight: Sight
    /// Whether shadow fading is drawn.
    public var hasShadowing: Bool
    /// The distance over which line of sight and shadowing vary.
    public var fieldCell_m: Double
    /// Fast fading; nil for none.
    public var fading: RicianFading?
    /// The width of the band.
    public var bandwidth_Hz: Double
    /// How aircraft share it.
    public var spectrum: Spectrum
    /// How the users of an aircraft share its band.
    public var split: ShareSplit
    /// Antenna gains of both ends together.
    public var antennaGain_dB: Double
    /// The receivers' noise figure.
    public var noiseFigure_dB: Double
    /// Greatest spectral efficiency, bit/s/Hz.
    public var spectralEfficiencyCap: Double
    /// The mean SNR over the whole band from which a user can be served.
    public var leastSNR_dB: Double
    /// The greatest cell bias either way.
    public var bias_dB: Double
  }

  /// How an aircraft's processor serves.
  public enum Discipline: String, Sendable, CaseIterable {
    /// First come, first served.
    case fifo
    /// A slot's tasks together with equal shares, slot after slot.
    case equal
    /// A slot's tasks together with shares as the root of their cycles, slot after slot.
    case squareRoot = "square-root"
  }

  /// Where an aircraft has tasks computed.
  public enum Policy: String, Sendable, CaseIterable {
    /// On board.
    case onboard
    /// In the cloud, through its relay.
    case cloud
    /// Each where it would be finished first.
    case earliest
  }

  /// The computers on board.
  public struct Computers: Sendable, Equatable {
    /// The range of the clock.
    public var processor: ScalableProcessor
    /// Servers; 1 unless first come, first served.
    public var servers: Int
    /// The order of service.
    public var discipline: Discipline
    /// Where tasks are computed unless the action says.
    public var policy: Policy
  }

  /// The cloud behind each aircraft's relay; its servers are ample.
  public struct Cloud: Sendable, Equatable {
    /// Clock speed of one server.
    public var cpu_Hz: Double
    /// The hop from an aircraft to the cloud.
    public var relay: Backhaul
  }

  /// The weights of the reward's terms, all of them positive or 0; the sign is the term's.
  public struct Reward: Sendable, Equatable {
    /// Of latency as a share of the deadline, for each user.
    public var latency: Double
    /// Of missed tasks, for each user.
    public var miss: Double
    /// Of the users' energy, per joule for each user.
    public var userEnergy: Double
    /// Of what the fleet delivers in time, per Mbit for each user.
    public var throughput: Double
    /// Of Jain's index.
    public var fairness: Double
    /// Of the mean age of information, per second.
    public var age: Double
    /// Of propulsion and avionics, per kilojoule.
    public var propulsion: Double
    /// Of computing on board, per joule.
    public var computing: Double
    /// Of an aircraft that is too near.
    public var separation: Double
  }

  /// The scenario's name.
  public var id: String
  /// The form of actions.
  public var actions: Actions
  /// Slots and episodes.
  public var time: Time
  /// Where users live and aircraft fly.
  public var area: GroundArea
  /// Users.
  public var users: Users
  /// Aircraft.
  public var fleet: Fleet
  /// Propulsion and batteries.
  public var energy: Energy
  /// Radio.
  public var radio: Radio
  /// Computers on board.
  public var computers: Computers
  /// Cloud.
  public var cloud: Cloud
  /// Tasks.
  public var tasks: TaskProcess
  /// How many of the nearest users an aircraft sees.
  public var observedUsers: Int
  /// Reward.
  public var reward: Reward
}
