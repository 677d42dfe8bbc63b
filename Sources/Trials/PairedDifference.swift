import Configuration

/// Learned policies against a rule: the difference of their returns in the same episodes, over training seeds.
///
/// Each training seed gives one number, the mean return of its policy less that of the rule; the interval is
/// Student's for the mean of these numbers, so that it speaks of the algorithm and not of one lucky seed.
public struct PairedDifference: Sendable, Equatable {
  /// The rule's name.
  public let rule: String
  /// Whether the rule sees more than an agent observes.
  public let seesMore: Bool
  /// The number of training seeds.
  public let seeds: Int
  /// The mean difference; positive where the learned policies earn more.
  public let mean: Double
  /// The 95 % interval of the mean difference.
  public let interval: (low: Double, high: Double)

  /// The difference of at least two learned policies and a rule.
  init(_ rule: Evaluation.Entry, learned: [Evaluation.Entry]) {
    precondition(learned.count > 1, "an interval over training seeds needs two of them, not \(learned.count)")
    let differences = learned.map { $0.statistics.mean - rule.statistics.mean }
    let statistics = SampleStatistics(differences)
    let half =
      Self.studentQuantile(degrees: differences.count - 1) * statistics.sd
      / Double(differences.count).squareRoot()
    self.rule = rule.policy
    seesMore = rule.seesMore
    seeds = differences.count
    mean = statistics.mean
    interval = (mean - half, mean + half)
  }

  /// The 0.975 quantile of Student's t: tabulated up to 30 degrees of freedom, then the normal one with the first
  /// two terms of its expansion (R. A. Fisher, 1925), exact to 10⁻⁴.
  package static func studentQuantile(degrees: Int) -> Double {
    let table = [
      12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604,
      2.1448,
      2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518,
      2.0484,
      2.0452, 2.0423,
    ]
    if degrees <= table.count { return table[degrees - 1] }
    let z = 1.959964
    let freedom = Double(degrees)
    let first = (z * z * z + z) / (4 * freedom)
    let second = (5 * z * z * z * z * z + 16 * z * z * z + 3 * z) / (96 * freedom * freedom)
    return z + first + second
  }

  public static func == (a: PairedDifference, b: PairedDifference) -> Bool {
    a.rule == b.rule && a.seeds == b.seeds && a.mean == b.mean && a.interval == b.interval
  }

  var json: JSONValue {
    .object([
      "rule": .text(rule), "sees_more": .boolean(seesMore), "training_seeds": .integer(seeds),
      "mean": .number(mean),
      "ci95": .numbers([interval.low, interval.high]),
    ])
  }
}

extension Evaluation {
  /// The learned policies against each rule; empty with fewer than two learned policies of different seeds.
  public var pairedDifferences: [PairedDifference] {
    let learned = entries.filter { $0.trainingSeed != nil }
    guard learned.count > 1, Set(learned.map(\.trainingSeed)).count == learned.count else { return [] }
    return entries.filter { $0.trainingSeed == nil }.map { PairedDifference($0, learned: learned) }
  }

  /// The paired differences as a table, or nothing.
  var pairedTable: String {
    let differences = pairedDifferences
    guard let first = differences.first else { return "" }
    var table = TextTable(["less the rule", "difference", "95 % interval over \(first.seeds) training seeds"])
    for difference in differences.sorted(by: { $0.mean < $1.mean }) {
      table.add([
        difference.rule + (difference.seesMore ? " (sees more)" : ""), format(difference.mean),
        "\(format(difference.interval.low)) to \(format(difference.interval.high))",
      ])
    }
    let caution = first.seeds < 10 ? "note: \(first.seeds) training seeds are few; ten or more make a result\n" : ""
    return "\nlearned policies\n\n\(table.text)\(caution)"
  }
}
