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
}
