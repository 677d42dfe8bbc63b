import Glibc

/// Closed forms of queues with Poisson arrivals, as oracles and bounds.
///
/// λ is the arrival rate, μ a server's service rate, both per second. Source: L. Kleinrock, Queueing Systems I (1975),
/// chapters 3 and 5.
public enum QueueFormulas {
  /// Erlang B: the share of arrivals that c servers without waiting room refuse, at an offered load of a = λ/μ. O(c).
  public static func erlangB(servers: Int, load: Double) -> Double {
    precondition(servers >= 0 && load >= 0, "\(servers) servers and a load of \(load)")
    var blocked = 1.0
    for count in stride(from: 1, through: servers, by: 1) {
      blocked = load * blocked / (Double(count) + load * blocked)
    }
    return blocked
  }

  /// Erlang C: the probability that an arrival has to wait for one of c servers. 1 where a ≥ c.
  public static func erlangC(servers: Int, load: Double) -> Double {
    let spare = Double(servers) - load
    if spare <= 0 { return 1 }
    let blocked = erlangB(servers: servers, load: load)
    return Double(servers) * blocked / (spare + load * blocked)
  }

  /// M/M/c: the mean wait before service, C / (cμ − λ); infinite where λ ≥ cμ.
  public static func wait_s(servers: Int, arrivals_Hz: Double, services_Hz: Double) -> Double {
    let spare = Double(servers) * services_Hz - arrivals_Hz
    return spare > 0 ? erlangC(servers: servers, load: arrivals_Hz / services_Hz) / spare : .infinity
  }

  /// M/G/1: Pollaczek and Khinchine's mean wait, λ E[S²] / (2 (1 − λ E[S])); infinite where λ E[S] ≥ 1.
  public static func wait_s(arrivals_Hz: Double, meanService_s: Double, meanSquareService_s2: Double) -> Double {
    let spare = 1 - arrivals_Hz * meanService_s
    return spare > 0 ? arrivals_Hz * meanSquareService_s2 / (2 * spare) : .infinity
  }

  /// M/M/1: the time that a share q of all tasks does not exceed, −ln(1 − q)/(μ − λ).
  public static func sojournQuantile_s(_ share: Double, arrivals_Hz: Double, services_Hz: Double) -> Double {
    precondition((0..<1).contains(share), "a share lies in [0, 1), not at \(share)")
    return services_Hz > arrivals_Hz ? -log1p(-share) / (services_Hz - arrivals_Hz) : .infinity
  }

  /// M/M/1/K: the share of arrivals that find K tasks inside, ρᴷ (1 − ρ)/(1 − ρᴷ⁺¹), and 1/(K + 1) at ρ = 1.
  public static func blocked(room: Int, load: Double) -> Double {
    precondition(room >= 0 && load >= 0, "room for \(room) at a load of \(load)")
    var sum = 0.0
    var power = 1.0
    for _ in 0...room {
      sum += power
      power *= load
    }
    return load == 0 ? (room == 0 ? 1 : 0) : power / load / sum
  }

  /// M/G/1 with processor sharing: the mean time of a task of a size, x/(1 − ρ), whatever the law of sizes.
  public static func sharingSojourn_s(service_s: Double, load: Double) -> Double {
    load < 1 ? service_s / (1 - load) : .infinity
  }
}
