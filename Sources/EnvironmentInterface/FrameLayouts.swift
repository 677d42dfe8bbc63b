import CEnvironmentInterface
import ReinforcementLearning
import Trials

/// Where an ensemble's arrays stand, in both layouts between which it alternates.
///
/// The arrays belong to the ensemble alone, are never assigned anew and never grow, so their storage stays where it
/// is; ``present(in:)`` verifies that after every step, because callers outside hold pointers into it.
struct FrameLayouts: Sendable {
  /// The addresses of one group's arrays.
  struct Addresses: Sendable, Equatable {
    var rows = 0
    var observations: UInt = 0
    var masks: UInt = 0
    var active: UInt = 0
    var choices: UInt = 0
    var numbers: UInt = 0
    var acted: UInt = 0
    var rewards: UInt = 0
    var terminated: UInt = 0
    var truncated: UInt = 0
    var lastObservations: UInt = 0
    var lastMasks: UInt = 0
  }

  /// For layout 0 and 1, each group's addresses.
  private let layouts: [[Addresses]]
  private let over: UInt
  private let terms: UInt

  /// Notes where everything stands; makes every array the ensemble's own before that.
  init(_ ensemble: inout any Ensemble) {
    var first: [Addresses] = []
    var second: [Addresses] = []
    for group in ensemble.frame.groups.indices {
      let present = Self.addresses(&ensemble, group)
      let next = Self.nextAddresses(&ensemble, group)
      first.append(present)
      var other = present
      (other.observations, other.masks) = next
      second.append(other)
    }
    layouts = [first, second]
    over = address(of: &ensemble.endings.isOver)
    terms = address(of: &ensemble.endings.terms)
  }

  private static func addresses(_ ensemble: inout any Ensemble, _ group: Int) -> Addresses {
    var result = Addresses()
    result.rows = ensemble.frame.groups[group].rows
    result.observations = address(of: &ensemble.frame.groups[group].observations)
    result.masks = address(of: &ensemble.frame.groups[group].masks)
    result.active = address(of: &ensemble.frame.groups[group].active)
    result.choices = address(of: &ensemble.frame.groups[group].actions)
    result.numbers = address(of: &ensemble.frame.groups[group].continuousActions)
    result.rewards = address(of: &ensemble.frame.groups[group].rewards)
    result.terminated = address(of: &ensemble.frame.groups[group].terminated)
    result.truncated = address(of: &ensemble.frame.groups[group].truncated)
    result.acted = address(of: &ensemble.endings.acted[group])
    result.lastObservations = address(of: &ensemble.endings.observations[group])
    result.lastMasks = address(of: &ensemble.endings.masks[group])
    return result
  }

  private static func nextAddresses(_ ensemble: inout any Ensemble, _ group: Int) -> (UInt, UInt) {
    (
      address(of: &ensemble.frame.groups[group].nextObservations),
      address(of: &ensemble.frame.groups[group].nextMasks)
    )
  }

  /// Which layout is the present one.
  func present(in ensemble: inout any Ensemble) throws(Failure) -> Int32 {
    var present: Int?
    for group in layouts[0].indices {
      let now = Self.addresses(&ensemble, group)
      guard let layout = present ?? layouts.firstIndex(where: { $0[group] == now }), layouts[layout][group] == now
      else { throw Failure(.fault, "the frame's memory has moved; pointers into it are no longer valid") }
      // A group whose arrays are all empty looks the same in both layouts.
      if layouts[0][group] != layouts[1][group] { present = layout }
    }
    guard over == address(of: &ensemble.endings.isOver), terms == address(of: &ensemble.endings.terms) else {
      throw Failure(.fault, "the frame's memory has moved; pointers into it are no longer valid")
    }
    return Int32(present ?? 0)
  }

  /// Where a group's part stands.
  func frame(_ layout: Int32, group: Int32) throws(Failure) -> edgewise_group_frame {
    guard (0...1).contains(layout), layouts[0].indices.contains(Int(group)) else {
      throw Failure(
        .usage,
        "there is no group \(group) in layout \(layout); write 0 to \(layouts[0].count - 1), and 0 or 1")
    }
    let place = layouts[Int(layout)][Int(group)]
    return unsafe edgewise_group_frame(
      rows: Int64(place.rows), observations: pointer(place.observations), masks: pointer(place.masks),
      active: pointer(place.active), choices: pointer(place.choices), numbers: pointer(place.numbers),
      acted: pointer(place.acted), rewards: pointer(place.rewards), terminated: pointer(place.terminated),
      truncated: pointer(place.truncated), last_observations: pointer(place.lastObservations),
      last_masks: pointer(place.lastMasks))
  }

  /// Where what belongs to whole environments stands.
  func shared(environments: Int) -> edgewise_shared_frame {
    unsafe edgewise_shared_frame(
      environments: Int64(environments), groups: Int64(layouts[0].count), over: pointer(over), terms: pointer(terms))
  }
}

/// Where an array's storage begins, which is made its own before; 0 for one without elements.
private func address<Element>(of array: inout [Element]) -> UInt {
  if array.isEmpty { return 0 }
  return unsafe array.withUnsafeMutableBufferPointer { UInt(bitPattern: $0.baseAddress) }
}

private func pointer<Element>(_ address: UInt) -> UnsafeMutablePointer<Element>? {
  unsafe UnsafeMutablePointer(bitPattern: address)
}
