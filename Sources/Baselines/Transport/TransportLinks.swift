import Glibc

/// Links that edges go over: a second thing that is scarce, of which edges take different amounts.
///
/// An edge e over link l takes r_e of it for each unit of mass, and all of them together at most its capacity Tₗ. With the
/// multiplier hₗ ≤ 0 the plan is P_e = exp((fᵢ + gⱼ + r_e hₗ − C_e)/ε), −hₗ the worth of a unit of the link. Where all r
/// are 1 a link is a sink of another kind, and hₗ has a closed form as gⱼ has. Else it is moved by a step of Newton's method
/// on the logarithm of the load, which is convex and rising in hₗ:
///
///     hₗ ← min(0, hₗ + ε (Σ r P / Σ r² P) (log Tₗ − log Σ r P)),
///
/// the closed form itself where all r are equal. Nothing else may be over the capacity: masses need other ways.
extension EntropicTransport {
  mutating func clearLinks() {
    linkPotentials.removeAll(keepingCapacity: true)
    linkLoads.removeAll(keepingCapacity: true)
    linkSquares.removeAll(keepingCapacity: true)
    for _ in 0..<linkCapacities.count {
      linkPotentials.append(0)
      linkLoads.append(0)
      linkSquares.append(0)
    }
  }

  /// Moves every hₗ, after sources were moved.
  ///
  /// - Returns: the greatest relative error of what went over a link before.
  mutating func moveLinks(_ epsilon: Double) -> Double {
    let (starts, targets, links, uses, given) = (starts, targets, links, uses, self.costs)
    let (sources, sinks) = (sourcePotentials, sinkPotentials)
    let scale = 1 / epsilon
    var (loads, squares, costs): ([Double], [Double], [Double]) = ([], [], [])
    swap(&loads, &linkLoads)
    swap(&squares, &linkSquares)
    swap(&costs, &effective)
    for link in 0..<loads.count { (loads[link], squares[link]) = (0, 0) }
    for source in 0..<sources.count where sources[source] > -.infinity {
      for edge in starts[source]..<(source + 1 < starts.count ? starts[source + 1] : costs.count) where links[edge] >= 0
      {
        let mass = exp((sources[source] + sinks[Int(targets[edge])] - costs[edge]) * scale)
        loads[Int(links[edge])] += uses[edge] * mass
        squares[Int(links[edge])] += uses[edge] * uses[edge] * mass
      }
    }
    var change = 0.0
    for link in 0..<loads.count {
      let before = linkPotentials[link]
      var next = 0.0
      if loads[link] > 0, squares[link] > 0 {
        let step = epsilon * (loads[link] / squares[link]) * (log(linkCapacities[link]) - log(loads[link]))
        next = min(0, before + step)
        change = max(change, abs(next - before) * scale * squares[link] / loads[link])
      }
      linkPotentials[link] = next
    }
    for edge in 0..<costs.count where links[edge] >= 0 {
      costs[edge] = given[edge] - uses[edge] * linkPotentials[Int(links[edge])]
    }
    swap(&loads, &linkLoads)
    swap(&squares, &linkSquares)
    swap(&costs, &effective)
    return change
  }
}
