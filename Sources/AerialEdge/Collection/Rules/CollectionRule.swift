public import ReinforcementLearning

/// A rule that flies one collector; batches are served by the greatest gain in age, and the centre shares the band among
/// those that have something to send.
///
/// Adding a rule is one file that conforms, its test, and one line where rules are registered.
public protocol CollectionRule: Sendable {
  /// The rule's name on the command line.
  static var name: String { get }
  /// Whether the rule sees more than a collector observes.
  static var seesMore: Bool { get }
  /// A rule for worlds with the given number of collectors.
  init(collectors: Int)
  /// Forgets everything before an episode.
  mutating func begin()
  /// Where a collector goes from here, in metres on each axis; nil to stay, or to do nothing at all if idle.
  mutating func course(of index: Int, in view: borrowing CollectionView) -> (dx_m: Double, dy_m: Double)?
  /// Whether batches are processed and sent.
  static var serves: Bool { get }
}

extension CollectionRule {
  public static var seesMore: Bool { false }
  public static var serves: Bool { true }
  public mutating func begin() {}
}

/// What a collector sees, as rules read it.
public struct CollectionView: Sendable {
  /// A sensor in sight.
  public struct Sensor: Sendable, Equatable {
    /// The way to it, east.
    public let dx_m: Double
    /// The way to it, north.
    public let dy_m: Double
    /// Bits that are seen to wait there.
    public let bits: Double
    /// Age of the newest of them.
    public let age_s: Double
    /// Age of what the centre knows of it.
    public let known_s: Double
    /// The ground distance.
    public var distance_m: Double { (dx_m * dx_m + dy_m * dy_m).squareRoot() }
  }

  let world: AerialCollection

  /// A view of a world.
  public init(_ world: AerialCollection) { self.world = world }

  /// The side of the square.
  public var side_m: Double { world.parameters.side_m }
  /// The radius within which data are taken.
  public var collectRadius_m: Double { world.parameters.collectors.collectRadius_m }
  /// How far a collector comes in a slot.
  public var reach_m: Double { world.parameters.collectors.speed_mps * world.parameters.time.step_s }
  /// The number of collectors.
  public var collectors: Int { world.collectorCount }
  /// The present slot.
  public var step: Int { world.step }

  /// A collector's position.
  public func position(_ index: Int) -> (x_m: Double, y_m: Double) { (world.x_m[index], world.y_m[index]) }

  /// Batches that a collector has not processed yet.
  public func collected(_ index: Int) -> Int { world.collectedCount[index] }
  /// Batches that a collector has to send.
  public func processed(_ index: Int) -> Int { world.processedCount[index] }
  /// How many batches each of its two buffers holds.
  public var buffer: Int { world.buffer }
  /// Bits that a collector has to send.
  public func toSend_bits(_ index: Int) -> Double {
    var bits = 0.0
    for place in 0..<world.processedCount[index] { bits += world.processed[index * world.buffer + place].left_bits }
    return bits
  }
  /// The rate to the centre from where a collector is, with an equal share of the band.
  public func reachable_bps(_ index: Int) -> Double { world.reachable_bps[index] }

  /// How many sensors a collector may see.
  public var ranks: Int { world.parameters.collectors.seenSensors }
  /// The sensor of a rank, the nearest first, or nil if there is none in sight.
  public func sensor(_ rank: Int, seenBy index: Int) -> Sensor? {
    let sensor = Int(world.seenSensors[index * ranks + rank])
    return sensor < 0 ? nil : look(at: sensor, from: index)
  }

  /// The number of sensors; for rules that see more.
  public var sensors: Int { world.sensorCount }
  /// Any sensor; for rules that see more.
  public func look(at sensor: Int, from index: Int) -> Sensor {
    let seen = world.seenData(sensor)
    return Sensor(
      dx_m: world.sensorX_m[sensor] - world.x_m[index], dy_m: world.sensorY_m[sensor] - world.y_m[index],
      bits: seen.bits, age_s: seen.age_s, known_s: world.age_s[sensor])
  }
}

/// A rule that flies every collector of a world.
public struct CollectionController<Rule: CollectionRule>: Controller {
  private var rule: Rule

  /// The rule for worlds like the given one.
  public init(_ rule: Rule.Type, for world: AerialCollection) {
    self.rule = Rule(collectors: world.collectorCount)
  }

  public mutating func begin(seed: UInt64) { rule.begin() }

  public mutating func act(in world: borrowing AerialCollection, _ action: inout JointAction) {
    let view = CollectionView(copy world)
    for index in 0..<view.collectors {
      var decision = CollectorDecision()
      if let course = rule.course(of: index, in: view) {
        let length = (course.dx_m * course.dx_m + course.dy_m * course.dy_m).squareRoot()
        let scale = 1 / max(length, view.reach_m, 1e-9)
        (decision.vx, decision.vy) = (course.dx_m * scale, course.dy_m * scale)
      }
      if Rule.serves {
        decision.process = view.world.best(of: view.world.collected, count: view.collected(index), index)
        decision.send = view.world.best(of: view.world.processed, count: view.processed(index), index)
        if !view.world.mayProcess(decision.process, index) { decision.process = -1 }
        if !view.world.maySend(decision.send, index) { decision.send = view.world.sending[index] }
      }
      view.world.form.write(decision, of: index, into: &action)
    }
    if view.world.hasCentre {
      let first = action.continuousStart[1]
      for index in 0..<view.collectors { action.continuous[first + index] = view.processed(index) > 0 ? 1 : 0 }
    }
  }
}
