import ClassicControl
public import Federation
import ParticleWorld

/// The names that files and commands may use, and what they stand for.
///
/// Nothing below this floor knows a name from a file. A user's package appends its own kinds to a copy.
public struct Registry: Sendable {
  /// Kinds of worlds.
  public var environments: [any EnvironmentFamily.Type]
  /// Learning algorithms.
  public var algorithms: [any Algorithm.Type]
  /// What makes one model of several clients' updates.
  public var aggregationRules: [any AggregationRule.Type] = AggregationRules.all
  /// What writes updates in fewer bytes.
  public var compressors: [any Compressor.Type] = Compressors.all
  /// What clients that lie do.
  public var attacks: [any Attack.Type] = Attacks.all

  /// What Edgewise ships.
  public static let standard = Registry(
    environments: [
      VehicularOffloadingFamily.self,
      RoadsideOffloadingFamily.self,
      IndustrialHallFamily.self,
      WorkflowPlacementFamily.self,
      VehicularSpectrumFamily.self,
      AerialFleetFamily.self,
      AerialCollectionFamily.self,
      AerialChannelsFamily.self,
      YardstickFamily<CartPole>.self,
      YardstickFamily<Acrobot>.self,
      YardstickFamily<MountainCar>.self,
      YardstickFamily<Pendulum>.self,
      ParticleFamily<SimpleSpread>.self,
      ParticleFamily<SimpleSpeakerListener>.self,
      ParticleFamily<SimpleTag>.self,
      ParticleFamily<SimpleAdversary>.self,
    ],
    algorithms: [
      DQN.self,
      C51.self,
      QRDQN.self,
      Rainbow.self,
      MADDPG.self,
      MATD3.self,
      IDDPG.self,
      DDPG.self,
      TD3.self,
      IPPO.self,
      MAPPO.self,
      OTFAC.self,
      VDN.self,
      QMIX.self,
    ])

  /// A registry by its parts.
  public init(environments: [any EnvironmentFamily.Type], algorithms: [any Algorithm.Type]) {
    self.environments = environments
    self.algorithms = algorithms
  }
}
