/// What rules see of a world in which links choose a resource block and a power in every slot.
///
/// Links and blocks are numbered from 0; a power is a place in ``powers_dBm``. What stands under *observed* an agent
/// sees too; the rest is the true state, for rules that see more.
public protocol SpectrumView {
  /// The number of links.
  var linkCount: Int { get }
  /// The number of resource blocks.
  var blockCount: Int { get }
  /// The powers to choose from, rising.
  var powers_dBm: [Double] { get }
  /// The powers in W; 0 where one is silence.
  var powers_W: [Double] { get }
  /// Observed: whether a link has something left to send.
  func isSending(_ link: Int) -> Bool
  /// Observed: interference and noise at a link's receiver on a block in the last slot.
  func observedInterference_W(link: Int, block: Int) -> Double
  /// Observed: the gain of a link on a block now.
  func observedGain(link: Int, block: Int) -> Double
  /// True: how many links hear a link's sender, its own included.
  func hearers(of sender: Int) -> Int
  /// True: one of the links that hear a link's sender.
  func hearer(_ index: Int, of sender: Int) -> Int
  /// True: the gain from a link's sender to the receiver of one of the links that hear it, on a block now.
  func trueGain(from sender: Int, toHearer index: Int, block: Int) -> Double
  /// True: noise and the uplink's power at a link's receiver on a block now.
  func trueFloor_W(link: Int, block: Int) -> Double
  /// Bit/s/Hz at a signal-to-interference-and-noise ratio.
  func efficiency(sinr: Double) -> Double
}
