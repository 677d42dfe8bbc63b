public import EdgeCloud

/// Every constant of a factory hall. Numbers are SI units unless a name says otherwise.
public struct HallParameters: Sendable {
  /// How often is decided and how long an episode is.
  public struct Time: Sendable, Equatable {
    /// The length of a step, the time between decisions.
    public var step_s: Double
    /// Steps in an episode.
    public var steps: Int
  }

  /// The hall's radio network: one pool of resource blocks that no two transmissions share.
  public struct Radio: Sendable, Equatable {
    /// Path loss, line of sight and shadowing.
    public var model: IndoorFactory
    /// Resource blocks side by side, of 12 subcarriers each.
    public var resourceBlocks: Int
    /// Subcarrier spacing.
    public var subcarrierSpacing_Hz: Double
    /// Noise figure of a node's receiver.
    public var noiseFigure_dB: Double
    /// What interference from outside the hall adds to the noise.
    public var noiseRise_dB: Double
    /// Antenna gains of a device and a node together.
    public var antennaGain_dB: Double
    /// Greatest spectral efficiency of uploads, bit/s/Hz.
    public var spectralEfficiencyCap: Double
    /// Rician factor of links with line of sight.
    public var ricianFactor_dB: Double
    /// The power with which jobs are uploaded.
    public var uploadPower_dBm: Double
    /// The time that a result takes from a node to a device.
    public var downlink_s: Double

    /// The width of a block.
    public var blockWidth_Hz: Double { 12 * subcarrierSpacing_Hz }
    /// The duration of a block: a slot of 14 symbols.
    public var slot_s: Double { 15 / subcarrierSpacing_Hz }
    /// Resource elements of a block: 12 subcarriers of 14 symbols.
    public static let elements = 168.0
  }

  /// The settings among which a control loop chooses.
  public struct Robustness: Sendable, Equatable {
    /// How often each message may be sent, rising.
    public var copies: [Int]
    /// Transmit powers, rising.
    public var powers_dBm: [Double]
  }

  /// A kind of control loop.
  public struct LoopKind: Sendable, Equatable {
    /// The kind's name.
    public var name: String
    /// How many there are.
    public var count: Int
    /// Messages and survival time.
    public var traffic: PeriodicTraffic
    /// Resource blocks of one copy of a message.
    public var blocks: Int
    /// Messages in a step, if at least one.
    public var messagesPerStep: Int
    /// Steps from one message to the next, if at least one.
    public var stepsPerMessage: Int
  }

  /// A job that is done again and again: a graph of tasks.
  public struct Job: Sendable, Equatable {
    /// Cycles and bits of a job of size 1.
    public var graph: TaskGraph
    /// The names of the tasks.
    public var names: [String]
    /// What each task needs of the device's own sensors, besides its predecessors' results.
    public var inputBits: [Double]
    /// Whether a task can only be done on the device.
    public var isPinned: [Bool]
    /// How long each task of size 1 takes at a server and in the cloud.
    public var edge_s: [Double]
    public var cloud_s: [Double]
    /// The time from one job to the next.
    public var period_s: Double
    /// The time that a job has.
    public var deadline_s: Double
    /// The factor of all cycles and bits of a job, drawn for each.
    public var size: ClosedRange<Double>
  }

  /// The computers of devices.
  public struct Device: Sendable, Equatable {
    /// The slowest and the fastest device's full clock speed; uniform between them.
    public var cpu_Hz: ClosedRange<Double>
    /// The board as which the fastest of them runs inferences at full speed.
    public var board: InferenceLatency.Board?
    /// κ in E = κ f² C.
    public var switchedCapacitance: Double
    /// Clock settings as shares of the full speed, rising, the last 1.
    public var clocks: [Double]
  }

  /// Where the tasks of a job may run, as its reading needs it.
  struct Boards: Sendable {
    let device: Device
    let edge: Edge
    let cloud: Cloud
  }

  /// Robots that drive through the hall, each with a control loop and jobs.
  public struct Robots: Sendable, Equatable {
    public var count: Int
    public var speed_mps: Double
    public var job: Job
    public var device: Device
  }

  /// Stations that inspect parts, each at a machine that breaks down.
  public struct Inspectors: Sendable, Equatable {
    public var count: Int
    public var job: Job
    public var device: Device
    public var machines: Breakdowns
  }

  /// The servers in the hall.
  public struct Edge: Sendable, Equatable {
    public var count: Int
    /// Processors of each.
    public var servers: Int
    /// Clock speed of a processor.
    public var cpu_Hz: Double
    /// What inferences run on there.
    public var board: InferenceLatency.Board?
    /// What a server draws.
    public var power: PowerProfile
    public var breakdowns: Breakdowns
    /// Between nodes and servers.
    public var network: Backhaul
  }

  /// The cloud behind the servers.
  public struct Cloud: Sendable, Equatable {
    public var servers: Int
    public var cpu_Hz: Double
    public var board: InferenceLatency.Board?
    public var backhaul: Backhaul
  }

  /// The weights of the reward's terms.
  public struct Reward: Sendable, Equatable {
    public var outageWeight: Double
    public var latencyWeight: Double
    public var missWeight: Double
    public var energyWeight: Double
    /// The energy that counts as one.
    public var energyReference_J: Double
  }

  /// The form in which agents say what they decide.
  public enum Actions: String, Sendable, CaseIterable {
    /// One choice.
    case discrete
    /// One choice, and a power or a clock speed as a real number.
    case hybrid
    /// Real numbers only.
    case continuous
  }

  /// The scenario's name: `industrial/inf-dl`.
  public var id: String
  public var actions: Actions
  public var time: Time
  public var hall: FactoryHall
  public var radio: Radio
  public var robustness: Robustness
  /// Fixed control loops by kind.
  public var loops: [LoopKind]
  /// The loop of every robot; its count is the robots'.
  public var robotLoop: LoopKind
  public var robots: Robots
  public var inspectors: Inspectors
  public var edge: Edge
  public var cloud: Cloud
  public var monitoring: MonitoringTraffic
  public var reward: Reward

  /// Fixed control loops of all kinds.
  public var controllerCount: Int { loops.reduce(0) { $0 + $1.count } }
  /// Slots in a step.
  public var slotsPerStep: Int { Int((time.step_s / radio.slot_s).rounded()) }
  /// Resource blocks in a step.
  public var blocksPerStep: Int { radio.resourceBlocks * slotsPerStep }
}
