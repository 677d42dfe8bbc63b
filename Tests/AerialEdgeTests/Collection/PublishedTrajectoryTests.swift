import AerialEdge
import Configuration
import ReinforcementLearning
import TestSupport
import Testing

/// The published dynamics against the public code itself.
///
/// The numbers were made by `MEC_env/mec_def.py` of `Zhuzzq/EdgeFed-MARL-MEC` (commit 84b7a35), run on the sensors,
/// collectors and packets of seed 7 with the decisions below; they are Σ over sensors of the age after each slot.
@Suite struct PublishedTrajectoryTests {
  private static let ages: [Int] = [
    30, 60, 90, 122, 152, 177, 201, 230, 256, 275, 297, 322, 348, 352, 361, 383, 387, 407, 416, 428, 434, 441, 456,
    465, 483, 501, 518, 511, 518, 533, 531, 523, 549, 569, 563, 583, 583, 588, 604, 626, 641, 655, 678, 694, 691,
    693, 703, 720, 694, 698, 717, 718, 734, 744, 738, 753, 769, 786, 783, 793, 790, 791, 828, 824, 844, 812, 821,
    823, 829, 844, 860, 857, 858, 873, 872, 868, 879, 897, 900, 897, 911, 925, 940, 956, 965, 977, 988, 996, 1008,
    1021, 1044, 1046, 1052, 1058, 1075, 1076, 1092, 1113, 1109, 1127, 1060, 1071, 1059, 1079, 1079, 1077, 1088,
    1093, 1092, 1102, 1112, 1116, 1122, 1146, 1157, 1182, 1199, 1195, 1197, 1211, 1212, 1216, 1214, 1231, 1243,
    1245, 1255, 1270, 1241, 1252, 1266, 1276, 1291, 1286, 1306, 1309, 1329, 1344, 1359, 1370, 1386, 1385, 1379,
    1382, 1389, 1410, 1410, 1413, 1413, 1440, 1463, 1468, 1454, 1464, 1476, 1476, 1484, 1487, 1487, 1503, 1513,
    1527, 1539, 1537, 1555, 1555, 1576, 1583, 1441, 1436, 1450, 1461, 1461, 1466, 1473, 1469, 1475, 1484, 1498,
    1518, 1532, 1542, 1540, 1559, 1579, 1599, 1620, 1600, 1692, 1606, 1706, 1725, 1733, 1760, 1765, 1753, 1757,
    1774, 1754, 1766,
  ]

  @Test func `ages are those of the public code in every slot`() throws {
    var root = try ConfigurationDocument(contentsOf: "\(project)/Environments/aerial/hmaac-compat.yaml").root()
    let id = try root.text("id")
    _ = try root.text("environment")
    var world = AerialCollection(try CollectionParameters(id: id, from: &root))
    world.reset(seed: 7)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    var mask = [Bool](repeating: false, count: 4 * 21)
    var ages: [Int] = []
    for step in 0..<200 {
      var span = mask.mutableSpan
      world.writeActionMask(group: 0, into: &span)
      for index in 0..<4 {
        // Never staying, as that would be pushed about at random; the first batch to process, the last to send.
        action.discrete[3 * index] = Int32(1 + (step / 3 + 2 * index) % 8)
        action.discrete[3 * index + 1] = mask[index * 21 + 10] ? 1 : 0
        action.discrete[3 * index + 2] = Int32((0...5).last { mask[index * 21 + 15 + $0] } ?? 0)
        action.continuous[index] = Float(index + 1) / 4
      }
      world.step(action, outcome: &outcome)
      ages.append(Int((-30 * outcome.rewards[4]).rounded()))
      #expect(abs(-30 * outcome.rewards[4] - Double(ages[step])) < 1e-9)
    }
    #expect(ages == Self.ages)
  }
}
