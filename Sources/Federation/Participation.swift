internal import Randomness

/// Who takes part in a round, how much work each does, and whose update arrives when, if ever.
///
/// Every draw is a function of the seed, the round and the client, so that a plan can be made again by anybody at any
/// time.
public struct Participation: Sendable, Equatable {
  /// How clients are chosen among those that are free.
  public enum Sampling: Sendable, Equatable {
    /// All of them.
    case all
    /// So many, without replacement; all, where fewer are free.
    case fixed(Int)
    /// Each by itself with a probability: what the amplification of privacy by sampling supposes.
    case poisson(Double)
  }

  /// Clients that do less than a whole round's work.
  public struct Stragglers: Sendable, Equatable {
    /// The probability of being one in a round.
    public var share: Double
    /// The part of the local steps that they do.
    public var work: Double

    /// Stragglers by share and work, both fractions.
    public init(share: Double, work: Double) {
      self.share = share
      self.work = work
    }
  }

  /// How clients are chosen.
  public var sampling: Sampling
  /// Who does less; nil for nobody.
  public var stragglers: Stragglers?
  /// The probability that an update is lost after its work.
  public var dropouts: Double
  /// For each client, the rounds after which its update arrives; 0 for the round's end.
  public var delays: [Int]
  /// The most rounds that an update takes longer than its client's delay, drawn evenly.
  public var extraDelay: Int

  /// A way of taking part by its parts, for as many clients as `delays` has.
  public init(
    sampling: Sampling = .all, stragglers: Stragglers? = nil, dropouts: Double = 0, delays: [Int], extraDelay: Int = 0
  ) {
    self.sampling = sampling
    self.stragglers = stragglers
    self.dropouts = dropouts
    self.delays = delays
    self.extraDelay = extraDelay
  }

  /// The number of clients.
  public var clients: Int { delays.count }

  /// The plan of a round.
  ///
  /// - Parameters:
  ///   - steps: the local steps of a whole round's work.
  ///   - unit: the steps that a client makes at once; a straggler makes one of these at least.
  ///   - isFree: whether a client waits for work.
  /// - Complexity: O(n log n) in the number of clients.
  public func plan(round: Int, steps: Int, unit: Int, seed: UInt64, isFree: (Int) -> Bool) -> RoundPlan {
    let root = RandomStream(seed: seed).split(0x726F_756E_6473).split(UInt64(round))
    var chosen: [(key: Double, part: RoundPlan.Part)] = []
    for client in 0..<clients where isFree(client) {
      var stream = root.split(UInt64(client))
      let (key, straggling, losing) = (stream.uniform(), stream.uniform(), stream.uniform())
      let extra = extraDelay == 0 ? 0 : stream.integer(below: extraDelay + 1)
      if case .poisson(let probability) = sampling, key >= probability { continue }
      var work = steps
      if let stragglers, straggling < stragglers.share {
        work = max(unit, Int(Double(steps) * stragglers.work) / unit * unit)
      }
      let part = RoundPlan.Part(client: client, steps: work, delay: delays[client] + extra, isLost: losing < dropouts)
      chosen.append((key, part))
    }
    if case .fixed(let count) = sampling {
      chosen.sort { ($0.key, $0.part.client) < ($1.key, $1.part.client) }
      chosen.removeLast(max(0, chosen.count - count))
      chosen.sort { $0.part.client < $1.part.client }
    }
    return RoundPlan(parts: chosen.map(\.part))
  }
}

/// What is to happen in a round.
public struct RoundPlan: Sendable, Equatable {
  /// A client's part.
  public struct Part: Sendable, Equatable {
    /// The client.
    public var client: Int
    /// The local steps that it makes.
    public var steps: Int
    /// The rounds after which its update arrives.
    public var delay: Int
    /// Whether its update is lost.
    public var isLost: Bool

    /// A part by its parts.
    public init(client: Int, steps: Int, delay: Int = 0, isLost: Bool = false) {
      self.client = client
      self.steps = steps
      self.delay = delay
      self.isLost = isLost
    }
  }

  /// The parts in the order of the clients.
  public var parts: [Part]

  /// A plan by its parts.
  public init(parts: [Part]) { self.parts = parts }
}
