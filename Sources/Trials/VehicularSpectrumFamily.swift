import Baselines
public import Configuration
import EdgeCloud
public import ReinforcementLearning
public import VehicularEdge

/// Spectrum and power sharing between vehicles and uplinks: `environment: vehicular-spectrum`.
public enum VehicularSpectrumFamily: EnvironmentFamily {
  public static let name = "vehicular-spectrum"

  public static let summary = "links between vehicles choose a resource block of an uplink and a power in every slot"

  public static func makeWorld(id: String, from root: inout ConfigurationMapping) throws -> SpectrumSharing {
    SpectrumSharing(try SpectrumParameters(id: id, from: &root))
  }

  public static let rules: [RuleSummary] = [
    RuleSummary(SilentRule.name, "nothing is sent"),
    RuleSummary(MaxPowerRule.name, "link i on block i at the greatest power"),
    RuleSummary(OrthogonalRule.name, "as max-power, one block further in every slot"),
    RuleSummary(LeastInterferenceRule.name, "the block with the least measured interference, at the greatest power"),
    RuleSummary(
      MaxV2VRule.name, "the greatest sum of the slot's V2V rates, all joint choices tried (10^6 at most)",
      seesMore: true),
    RuleSummary(
      AscentV2VRule.name, "a local maximum of the slot's V2V sum rate, one link after another", seesMore: true),
  ]

  public static func rule(_ name: String, for world: SpectrumSharing) -> (any Controller<SpectrumSharing>)? {
    func controller<Rule: SpectrumRule>(_ rule: Rule.Type) -> any Controller<SpectrumSharing> {
      SpectrumRuleController(rule, for: world) { world, link, choice, action in
        world.write(block: choice.block, power: choice.power, for: link, into: &action)
      }
    }
    switch name {
    case SilentRule.name: return controller(SilentRule.self)
    case MaxPowerRule.name: return controller(MaxPowerRule.self)
    case OrthogonalRule.name: return controller(OrthogonalRule.self)
    case LeastInterferenceRule.name: return controller(LeastInterferenceRule.self)
    case MaxV2VRule.name:
      let fits = MaxV2VRule.fits(
        links: world.linkCount, blocks: world.blockCount, powers: world.powers_dBm.count)
      return fits ? controller(MaxV2VRule.self) : nil
    case AscentV2VRule.name:
      return AscentV2VRule.fits(links: world.linkCount, blocks: world.blockCount)
        ? controller(AscentV2VRule.self) : nil
    default: return nil
    }
  }

  public static let searches = true

  public static func notes(on world: SpectrumSharing) -> [String] {
    var notes: [String] = []
    if !MaxV2VRule.fits(links: world.linkCount, blocks: world.blockCount, powers: world.powers_dBm.count) {
      notes.append(
        "\(MaxV2VRule.name) would try more than \(MaxV2VRule.mostJointChoices) joint choices in a slot and is left "
          + "out; \(AscentV2VRule.name) climbs to a local maximum")
    }
    if !AscentV2VRule.fits(links: world.linkCount, blocks: world.blockCount) {
      notes.append("\(AscentV2VRule.name) would keep more than \(AscentV2VRule.mostGains) gains and is left out")
    }
    return notes
  }
}
