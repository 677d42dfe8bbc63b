public import Configuration
public import Snapshots

/// What a client sends after its local work, as the server reads it.
public struct ClientUpdate: Sendable, Equatable {
  /// The client's number.
  public var client: Int
  /// How much it counts: the number of samples it learned from, or 1.
  public var weight: Double
  /// Its parameters, as many as the model has.
  public var parameters: [Float]

  /// An update by its parts.
  public init(client: Int, weight: Double, parameters: [Float]) {
    self.client = client
    self.weight = weight
    self.parameters = parameters
  }
}

/// How a server makes one model of the updates of a round.
///
/// A further rule is one file that conforms, its test, and one line in ``AggregationRules``. The server hands over
/// updates in the order of the clients, at least one, of equal length, with positive weights, and without NaN or
/// infinity: it refuses such updates before any rule, since one NaN would win Krum's choice and pass through a median.
public protocol AggregationRule: Restorable, Sendable {
  /// The name under `federation.rule.name`.
  static var name: String { get }
  /// One line for `list`.
  static var summary: String { get }
  /// Whether it must see the updates one by one, so that nothing may hide them from the server.
  static var seesSingleUpdates: Bool { get }
  /// Whether it needs the return of a model in the server's own world.
  static var needsJudge: Bool { get }

  /// Reads its keys from `federation.rule`, of which `name` has been read.
  init(from mapping: inout ConfigurationMapping) throws(ConfigurationError)

  /// Why it cannot merge the updates of so many clients in a round, as the end of a sentence that begins with its name;
  /// nil when it can. A round with so few leaves the model as it is.
  func unsupported(clients: Int) -> String?

  /// The strength μ with which every client is held near the model that it received; 0 for none.
  var proximalStrength: Float { get }

  /// Merges a round's updates into the model.
  ///
  /// - Parameters:
  ///   - model: the parameters that the clients began from; then the merged ones.
  ///   - judge: the mean return of given parameters in the server's own world, the same episodes each time; there
  ///     where ``needsJudge``.
  /// - Returns: the clients whose updates it left out.
  @discardableResult
  mutating func merge(_ updates: [ClientUpdate], into model: inout [Float], judge: ((_ parameters: [Float]) -> Double)?)
    -> [Int]

  /// What a client goes on with when a merged model arrives: the model itself, or a blend with its own parameters.
  ///
  /// - Parameters:
  ///   - own: the client's parameters.
  ///   - merged: the server's model.
  ///   - contributors: how many updates the model is the mean of, if the client's own was among them; 0 if it was not.
  func blend(own: [Float], merged: [Float], contributors: Int) -> [Float]

  /// Whether anything is sent at all.
  var exchanges: Bool { get }

  /// Whether every client has a model of its own, because ``blend(own:merged:contributors:)`` is not the merged model.
  var isPersonal: Bool { get }
}

extension AggregationRule {
  public static var seesSingleUpdates: Bool { false }
  public static var needsJudge: Bool { false }

  public func unsupported(clients: Int) -> String? { nil }
  public var proximalStrength: Float { 0 }
  public var exchanges: Bool { true }
  public var isPersonal: Bool { false }
  public func blend(own: [Float], merged: [Float], contributors: Int) -> [Float] { merged }

  /// A rule without memory has an empty snapshot.
  public func snapshot() -> Snapshot { Snapshot() }
  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {}
}

/// A rule that needs no more than the weighted mean of the updates, so that it can merge what it cannot see one by one.
public protocol MeanRule: AggregationRule {
  /// Whether every client counts the same in the mean, whatever its weight.
  static var countsEqually: Bool { get }

  /// Moves the model, given the weighted mean of the clients' parameters.
  mutating func move(_ model: inout [Float], towards mean: [Float])
}

extension MeanRule {
  public static var countsEqually: Bool { false }

  @discardableResult
  public mutating func merge(
    _ updates: [ClientUpdate], into model: inout [Float], judge: ((_ parameters: [Float]) -> Double)?
  ) -> [Int] {
    var mean = [Float](repeating: 0, count: model.count)
    WeightedMean.write(updates, into: &mean, equally: Self.countsEqually)
    move(&model, towards: mean)
    return []
  }
}
