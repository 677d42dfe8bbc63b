import EdgeCloud

/// What each integer of an action means, in a fixed order:
/// none; device at full speed; device at the deadline's speed; then for each rank of units in reach, the strongest
/// first, edge and cloud, each at every power from the lowest up.
struct OffloadingActions: Sendable, Equatable {
  /// The meaning of one action.
  enum Meaning: Sendable, Equatable {
    case none
    case device(economical: Bool)
    case upload(rank: Int, toCloud: Bool, power: Int)
  }

  let meanings: [Meaning]
  let labels: [String]
  let options: [OffloadingOption]

  init(choices: Int, powers_dBm: [Double]) {
    var meanings: [Meaning] = [.none, .device(economical: false), .device(economical: true)]
    var labels = ["none", "device at full speed", "device at the deadline's speed"]
    for rank in 0..<choices {
      for toCloud in [false, true] {
        for (power, level) in powers_dBm.enumerated() {
          meanings.append(.upload(rank: rank, toCloud: toCloud, power: power))
          let place = toCloud ? "cloud through unit" : "edge unit"
          labels.append("\(place) \(rank + 1) at \(OffloadingActions.short(level)) dBm")
        }
      }
    }
    self.meanings = meanings
    self.labels = labels
    options = meanings.map { meaning in
      switch meaning {
      case .none: OffloadingOption(place: .none, isFullEffort: false)
      case .device(let economical): OffloadingOption(place: .device, isFullEffort: !economical)
      case .upload(let rank, let toCloud, let power):
        OffloadingOption(
          place: toCloud ? .cloud(rank: rank) : .edge(rank: rank), isFullEffort: power == powers_dBm.count - 1)
      }
    }
  }

  private static func short(_ number: Double) -> String {
    number == number.rounded() ? "\(Int(number))" : "\(number)"
  }
}
