public import EdgeCloud

/// Every constant of a world in which road-side nodes place the tasks of vehicles. SI units unless a name says
/// otherwise.
public struct RoadsideParameters: Sendable {
  /// The nodes at the road-side, each an agent.
  public struct Nodes: Sendable {
    /// Where they stand.
    public var positions_m: [(x: Double, y: Double)]
    /// How far a node hears vehicles.
    public var radius_m: Double
    /// How many vehicles a node serves at once, the nearest first.
    public var vehicles: Int
    /// The slowest and the fastest node's clock; uniform between them, anew in every episode.
    public var cpu_Hz: ClosedRange<Double>
  }

  /// The uplink: all vehicles send at once on one band, and a node tells its own apart by successive cancellation.
  public struct Radio: Sendable, Equatable {
    /// The band of every node.
    public var bandwidth_Hz: Double
    /// What a node's vehicles may send with together.
    public var power_W: Double
    /// The noise in the band.
    public var noise_W: Double
    /// α in the mean power gain d^−α.
    public var pathLossExponent: Double
    /// The distance below which the gain no longer grows.
    public var nearest_m: Double
    /// Mean of the fading, a factor of the power gain.
    public var fadingMean: Double
    /// Standard deviation of the fading, which is normal and cut at 0.
    public var fadingDeviation: Double
  }

  /// The wires between nodes.
  public struct Wire: Sendable, Equatable {
    /// The rate for one task between nodes `reference_m` apart.
    public var rate_bps: Double
    /// The time of a transfer is bits/rate · distance/reference.
    public var reference_m: Double
  }

  /// The weights of a node's reward.
  public struct Reward: Sendable, Equatable {
    /// Weight of the share of a slot's tasks whose result is there in time.
    public var inTimeWeight: Double
    /// Weight of the mean time of a slot's tasks in units of the timeout.
    public var latencyWeight: Double
  }

  /// How a node says where its tasks go.
  public enum Actions: String, Sendable, CaseIterable {
    /// A choice for each vehicle.
    case discrete
    /// A score for each vehicle and place, of which the greatest counts.
    case continuous
  }

  /// The scenario's name: `vehicular/roadside-9`.
  public var id: String
  /// The form of actions.
  public var actions: Actions
  /// Slots and episodes.
  public var time: VehicularParameters.Time
  /// How vehicles move; all of them are always there.
  public var mobility: ManhattanTraffic
  /// The number of vehicles.
  public var vehicles: Int
  /// Nodes.
  public var nodes: Nodes
  /// Radio.
  public var radio: Radio
  /// Wires.
  public var wire: Wire
  /// Cloud.
  public var cloud: VehicularParameters.Cloud
  /// Tasks.
  public var tasks: TaskProcess
  /// When a task is given up; it counts as so long.
  public var timeout_s: Double
  /// Reward.
  public var reward: Reward
}
