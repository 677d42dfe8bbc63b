import EdgeCloud

/// Colours the conflict graph of the devices that have packets by DSATUR; devices for which no channel is left keep
/// silent. It sees all links, but pairs only: what many far devices add up to escapes it.
public struct SaturationRule: ChannelRule {
  public static let name = "dsatur"
  public static let seesMore = true

  public init(devices: Int, channels: Int) {}

  public mutating func choose(in view: borrowing ChannelView, _ channels: inout [Int]) {
    let busy = channels.indices.filter { view.isBusy($0) }
    let colours = SaturationColouring.colour(count: busy.count, colours: view.channels) { a, b in
      view.areInConflict(busy[a], busy[b])
    }
    for (index, device) in busy.enumerated() { channels[device] = colours[index] }
  }
}

/// Colours the conflict hypergraph of the devices that have packets: in order of falling degree, each takes the lowest
/// channel on which no edge of two or three devices would be complete; others keep silent. It sees all links.
public struct HypergraphRule: ChannelRule {
  public static let name = "hypergraph"
  public static let seesMore = true

  public init(devices: Int, channels: Int) {}

  public mutating func choose(in view: borrowing ChannelView, _ channels: inout [Int]) {
    let busy = channels.indices.filter { view.isBusy($0) }
    if busy.isEmpty { return }
    let graph = view.hypergraph(of: busy, largest: 3)
    var edges = [[[Int]]](repeating: [], count: busy.count)
    for edge in graph.hyperedges { for member in edge { edges[member].append(edge) } }
    let hopeless = Set(graph.hopeless)
    let order = busy.indices.sorted {
      (graph.degrees[$1], graph.hyperdegrees[$1], $0) < (graph.degrees[$0], graph.hyperdegrees[$0], $1)
    }
    var colour = [Int](repeating: -1, count: busy.count)
    for vertex in order where !hopeless.contains(vertex) {
      for channel in 0..<view.channels {
        let meetsPair = busy.indices.contains { colour[$0] == channel && graph.areInConflict(vertex, $0) }
        let completes = edges[vertex].contains { $0.allSatisfy { $0 == vertex || colour[$0] == channel } }
        if !meetsPair, !completes {
          colour[vertex] = channel
          break
        }
      }
    }
    for (index, device) in busy.enumerated() { channels[device] = colour[index] }
  }
}

/// Lets devices in, those with the strongest signal first, on the first channel where it and all that were let in before
/// are served; others keep silent. It sees all links and never has a conflict.
public struct GreedyAdmissionRule: ChannelRule {
  public static let name = "greedy-sinr"
  public static let seesMore = true

  public init(devices: Int, channels: Int) {}

  public mutating func choose(in view: borrowing ChannelView, _ channels: inout [Int]) {
    let busy = channels.indices.filter { view.isBusy($0) }
    let order = busy.sorted { view.received_W(at: $0, from: $0) > view.received_W(at: $1, from: $1) }
    var members = [[Int]](repeating: [], count: view.channels)
    for device in order {
      for channel in 0..<view.channels where Self.isFine(members[channel] + [device], in: view) {
        members[channel].append(device)
        channels[device] = channel
        break
      }
    }
  }

  private static func isFine(_ set: [Int], in view: borrowing ChannelView) -> Bool {
    for device in set {
      var interference = 0.0
      for other in set where other != device { interference += view.received_W(at: device, from: other) }
      let sinr = view.received_W(at: device, from: device) / (interference + view.noise_W)
      if sinr < view.threshold { return false }
    }
    return true
  }
}
