public import EdgeCloud

/// The computers of this world: the nodes, then the cloud. Vehicles have none.
extension RoadsideOffloading: ComputingView {
  public var computerCount: Int { nodes + 1 }

  public func computer(of option: Int, for agent: Int) -> Int? {
    switch target(of: option, at: agent / parameters.nodes.vehicles) {
    case .none: nil
    case .node(let node): node
    case .cloud: nodes
    }
  }

  public func cycles(for agent: Int) -> Double { uplink.members[agent].task?.cycles ?? 0 }

  public func freeCycles(at computer: Int, within time_s: Double) -> Double {
    computer == nodes
      ? Double(parameters.cloud.servers) * parameters.cloud.cpu_Hz * max(0, time_s - seenCloudWait_s)
      : clock_Hz[computer] * max(0, time_s - seenWait_s(computer))
  }

  public func freeDeviceCycles(for agent: Int, within time_s: Double) -> Double { 0 }
}
