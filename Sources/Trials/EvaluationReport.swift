public import Configuration

/// An evaluation as JSON, as CSV and as a table to read.
extension Evaluation {
  /// The object of schema `edgewise.evaluation/1`.
  ///
  /// - Parameter withReturns: whether each episode's return stands there.
  public func json(withReturns: Bool = true) -> JSONValue {
    .object([
      "schema": .text("edgewise.evaluation/1"),
      "scenario": .object([
        "id": .text(scenario), "sha256": .text(digest),
        "overrides": .object(
          Dictionary(overrides.map { ($0.path, .text($0.text)) }, uniquingKeysWith: { $1 })),
      ]),
      "episodes": .integer(episodes),
      "seed": .integer(Int(clamping: seed)),
      "bound": bound.map(JSONValue.number) ?? .null,
      "notes": .list(notes.map(JSONValue.text)),
      "policies": .list(entries.map { $0.json(withReturns: withReturns, bound: bound, random: randomReturn) }),
      "paired_differences": .list(pairedDifferences.map(\.json)),
    ])
  }

  /// One row a policy.
  public func csv() -> String {
    let metrics = entries.first?.metrics.map(\.name) ?? []
    var lines = [
      ([
        "policy", "sha256", "training_seed", "episodes", "seed", "return_mean", "return_sd", "return_median",
        "return_iqm", "return_ci95_low", "return_ci95_high",
      ] + metrics + ["bound", "gap"]).joined(separator: ",")
    ]
    for entry in entries {
      let statistics = entry.statistics
      let numbers = [
        statistics.mean, statistics.sd, statistics.median, statistics.iqm, statistics.ci95.low,
        statistics.ci95.high,
      ]
      let name: [String] = [
        CSV.cell(entry.policy), entry.digest ?? "", entry.trainingSeed.map { "\($0)" } ?? "", "\(episodes)",
        "\(seed)",
      ]
      let ends: [String] = [bound.map { "\($0)" } ?? "", bound.map { "\(entry.gap(to: $0))" } ?? ""]
      let cells =
        name + numbers.map { "\($0)" } + entry.metrics.map { $0.value.map { "\($0)" } ?? "" } + ends
      lines.append(cells.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A table to read, the best return first, and what should be known about it.
  public func table() -> String {
    let best = entries.max { $0.statistics.mean < $1.statistics.mean }
    let shown = shownMetrics
    var table = TextTable(
      ["policy", "return", "95 % interval", "median"] + (bound == nil ? [] : ["gap"]) + shown.map(\.title))
    for entry in entries.sorted(by: { $0.statistics.mean > $1.statistics.mean }) {
      let statistics = entry.statistics
      var cells = [
        entry.policy + (entry.seesMore ? " (sees more)" : ""), format(statistics.mean),
        "\(format(statistics.ci95.low)) to \(format(statistics.ci95.high))", format(statistics.median),
      ]
      if let bound { cells.append(format(entry.gap(to: bound))) }
      for (name, _) in shown {
        cells.append(entry.metrics.first { $0.name == name }?.value.map(format) ?? "")
      }
      table.add(cells)
    }
    var text = "\(scenario), \(episodes) episodes, seed \(seed)\n\n\(table.text)\(pairedTable)"
    if let bound, let best {
      let reach = best.normalized(from: randomReturn, to: bound).map {
        ", \(format(100 * $0)) % of the way from random"
      }
      text +=
        "bound: no policy can return more than \(format(bound)) on average in these episodes; \(best.policy) lacks "
        + "\(format(best.gap(to: bound)))\(reach ?? "")\n"
    }
    for note in notes { text += "note: \(note)\n" }
    for (note, policies) in sharedNotes {
      text += "note: \(policies.count > 2 ? "\(policies.count) policies" : policies.joined(separator: ", ")): \(note)\n"
    }
    if let best, best.digest == nil, entries.contains(where: { $0.digest != nil }) {
      text += "note: no learned policy is best here; \(best.policy) is\n"
    }
    return text
  }
}

extension Evaluation {
  /// The metrics that the table has room for: the four of the domains where any of them means something, else the
  /// first four of the world's own.
  private var shownMetrics: [(name: String, title: String)] {
    func isKnown(_ name: String) -> Bool {
      entries.contains { $0.metrics.contains { $0.name == name && $0.value != nil } }
    }
    let common = [
      ("latency_mean_s", "latency s"), ("latency_p95_s", "p95 s"), ("deadline_miss_ratio", "missed"),
      ("energy_per_task_j", "energy J"),
    ]
    if common.contains(where: { isKnown($0.0) }) { return common }
    let own = entries.first?.metrics.map(\.name).filter(isKnown) ?? []
    return own.prefix(4).map { ($0, String($0.map { $0 == "_" ? " " : $0 })) }
  }

  /// The return of random play, where it is among the policies.
  private var randomReturn: Double? { entries.first { $0.policy == RuleSummary.random.name }?.statistics.mean }

  /// What is to be said of policies, each sentence once, with those that it is about.
  private var sharedNotes: [(note: String, policies: [String])] {
    var shared: [(note: String, policies: [String])] = []
    for entry in entries {
      for note in entry.notes {
        if let index = shared.firstIndex(where: { $0.note == note }) {
          shared[index].policies.append(entry.policy)
        } else {
          shared.append((note, [entry.policy]))
        }
      }
    }
    return shared
  }
}

extension Evaluation.Entry {
  func renamed(_ name: String) -> Evaluation.Entry {
    Evaluation.Entry(
      policy: name, digest: nil, trainingSeed: trainingSeed, seesMore: seesMore, returns: returns,
      groups: groups,
      metrics: metrics, terms: terms, notes: notes)
  }

  /// What the policy lacks to the bound.
  func gap(to bound: Double) -> Double { bound - statistics.mean }

  /// The share of the way from random play to the bound that the policy has gone; nil where there is no way.
  func normalized(from random: Double?, to bound: Double?) -> Double? {
    guard let random, let bound, bound > random else { return nil }
    return (statistics.mean - random) / (bound - random)
  }

  func json(withReturns: Bool, bound: Double? = nil, random: Double? = nil) -> JSONValue {
    let statistics = statistics
    return .object([
      "policy": .text(policy),
      "sha256": .optional(digest),
      "training_seed": trainingSeed.map { .integer(Int(clamping: $0)) } ?? .null,
      "sees_more": .boolean(seesMore),
      "return": .object([
        "mean": .number(statistics.mean), "sd": .number(statistics.sd), "median": .number(statistics.median),
        "iqm": .number(statistics.iqm), "ci95": .numbers([statistics.ci95.low, statistics.ci95.high]),
      ]),
      "gap": bound.map { .number(gap(to: $0)) } ?? .null,
      "normalized_score": .optional(normalized(from: random, to: bound)),
      "episode_returns": withReturns ? .numbers(returns) : .list([]),
      "groups": .object(
        Dictionary(groups.map { ($0.name, .object(["mean": .number($0.mean)])) }, uniquingKeysWith: { $1 })),
      "metrics": .object(
        Dictionary(metrics.map { ($0.name, .optional($0.value)) }, uniquingKeysWith: { $1 })),
      "return_terms": .object(Dictionary(terms.map { ($0.name, .number($0.mean)) }, uniquingKeysWith: { $1 })),
      "notes": .list(notes.map(JSONValue.text)),
    ])
  }
}
