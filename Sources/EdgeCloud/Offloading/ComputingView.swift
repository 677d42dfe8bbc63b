/// The computers behind the options, as an allocation of all tasks at once reads them.
///
/// Computers that several agents may use are numbered from 0, units and cloud; a device is its agent's own. All is from
/// exactly what agents observe, that of all of them together.
public protocol ComputingView: OffloadingView {
  /// The number of computers that several agents may use.
  var computerCount: Int { get }
  /// The computer that an option would use; nil for the agent's own device and for none.
  func computer(of option: Int, for agent: Int) -> Int?
  /// The processor cycles that an agent's task needs; 0 where there is none.
  func cycles(for agent: Int) -> Double
  /// The cycles that a computer could do within a time, beside the work that it has reported.
  func freeCycles(at computer: Int, within time_s: Double) -> Double
  /// The cycles that an agent's own device could do within a time, beside the work that it has.
  func freeDeviceCycles(for agent: Int, within time_s: Double) -> Double
  /// The number of bands that uploads share.
  var bandCount: Int { get }
  /// The band that an option's upload would share; nil where nothing is sent.
  func band(of option: Int, for agent: Int) -> Int?
  /// What an option's upload would take of the band's time, if as many others shared it as in the last slot: the upload's
  /// length over the number of those who share. Infinite where nothing would arrive.
  func airtime_s(of option: Int, for agent: Int) -> Double
  /// The time that a band can be used for before the next decision.
  var bandTime_s: Double { get }
}

extension ComputingView {
  /// None, in worlds in which uploads do not share bands so.
  public var bandCount: Int { 0 }

  public func band(of option: Int, for agent: Int) -> Int? { nil }

  public func airtime_s(of option: Int, for agent: Int) -> Double { 0 }

  public var bandTime_s: Double { .infinity }
}
