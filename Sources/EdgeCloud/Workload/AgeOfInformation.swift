/// How old a receiver's newest news of one source is, and the averages of that age over time.
///
/// At time t the age is Δ(t) = t − u(t), where u(t) is when the newest update that has been received was made. It grows
/// at rate one and falls when a newer update comes in; an update older than what is known changes nothing. Averages are
/// exact integrals of the sawtooth. Source: S. Kaul, R. Yates, M. Gruteser, INFOCOM 2012; the mean peak age after M.
/// Costa, M. Codreanu, A. Ephremides, IEEE Trans. Inf. Theory 62 (2016) 1897.
public struct AgeOfInformation: Sendable, Equatable {
  /// When the newest known update was made.
  public private(set) var newest_s: Double
  /// When it was received; the start if none was.
  public private(set) var received_s: Double
  /// When the account began.
  public private(set) var start_s: Double
  /// Updates that made the age fall.
  public private(set) var updates: Int
  var area: CompensatedSum
  var peaks: CompensatedSum

  /// An account that starts with news of the given age.
  public init(start_s: Double = 0, age_s: Double = 0) {
    precondition(
      start_s.isFinite && age_s.isFinite && age_s >= 0,
      "an account starts at a time with an age of at least 0 s, not at \(start_s) s with \(age_s) s")
    newest_s = start_s - age_s
    received_s = start_s
    self.start_s = start_s
    updates = 0
    (area, peaks) = (CompensatedSum(), CompensatedSum())
  }

  /// The age at a time that is not before the last update.
  public func age_s(at time_s: Double) -> Double { time_s - newest_s }

  /// Takes in an update; whether it was news.
  @discardableResult
  public mutating func receive(generated_s: Double, at time_s: Double) -> Bool {
    precondition(
      generated_s <= time_s && time_s >= received_s,
      "an update made at \(generated_s) s cannot come in at \(time_s) s after one at \(received_s) s")
    guard generated_s > newest_s else { return false }
    area.add(ageSinceUpdate_s2(until: time_s))
    peaks.add(time_s - newest_s)
    newest_s = generated_s
    received_s = time_s
    updates += 1
    return true
  }

  /// The mean age from the start to a time that is not before the last update; the age itself at the start.
  public func average_s(until time_s: Double) -> Double {
    time_s > start_s ? integral_s2(until: time_s) / (time_s - start_s) : age_s(at: time_s)
  }

  /// The age integrated from the start to a time.
  public func integral_s2(until time_s: Double) -> Double { area.value + ageSinceUpdate_s2(until: time_s) }

  /// The sum of the ages just before each update that was news.
  public var peakSum_s: Double { peaks.value }

  /// The mean of the ages just before each update; nil before the first.
  public var peakAverage_s: Double? { updates == 0 ? nil : peakSum_s / Double(updates) }

  /// A trapezium: the age grows at rate one since the last update.
  private func ageSinceUpdate_s2(until time_s: Double) -> Double {
    (time_s - received_s) * 0.5 * ((received_s - newest_s) + (time_s - newest_s))
  }
}

extension AgeOfInformation {
  /// How many numbers ``numbers`` has.
  public static let numberCount = 8

  /// The complete state: newest, received, start, updates, then both integrals, sum and lost part each.
  public var numbers: [Double] {
    [newest_s, received_s, start_s, Double(updates), area.sum, area.lost, peaks.sum, peaks.lost]
  }

  /// The account whose ``numbers`` were saved, or nil if they are not such a state.
  public init?(numbers: some Collection<Double>) {
    let values = Array(numbers)
    guard values.count == Self.numberCount, values.allSatisfy(\.isFinite), values[0] <= values[1],
      values[2] <= values[1], let count = Int(exactly: values[3]), count >= 0
    else { return nil }
    newest_s = values[0]
    received_s = values[1]
    start_s = values[2]
    updates = count
    area = CompensatedSum(sum: values[4], lost: values[5])
    peaks = CompensatedSum(sum: values[6], lost: values[7])
  }
}
