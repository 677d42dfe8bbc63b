import EdgeCloud
import Glibc
import Testing

@Suite struct QueueFormulasTests {
  /// At ρ = 0.8 and μ = 10 per server.
  @Test(arguments: [
    (1, 0.8, 0.4, 0.5, Double.nan), (2, 0.711111, 0.177778, 0.277778, 0.329897),
    (4, 0.596432, 0.074554, 0.174554, 0.228145), (8, 0.457645, Double.nan, 0.128603, 0.144394),
  ])
  func `Erlang's values are those of tables`(servers: Int, c: Double, wait: Double, sojourn: Double, b: Double) {
    let arrivals = 8 * Double(servers)
    let load = arrivals / 10
    let found = QueueFormulas.wait_s(servers: servers, arrivals_Hz: arrivals, services_Hz: 10)
    #expect((QueueFormulas.erlangC(servers: servers, load: load) - c).magnitude < 5e-7)
    #expect(wait.isNaN || (found - wait).magnitude < 5e-7)
    #expect((found + 0.1 - sojourn).magnitude < 5e-7)
    #expect(b.isNaN || (QueueFormulas.erlangB(servers: servers, load: load) - b).magnitude < 5e-7)
  }

  /// B = (aᶜ/c!)/Σ aᵏ/k! and C = B/(1 − ρ(1 − B)), written out.
  @Test(arguments: [(1, 0.3), (3, 2.5), (10, 7), (40, 60)])
  func `the recursion is the quotient that defines it`(servers: Int, load: Double) {
    var term = 1.0
    var sum = 1.0
    for count in 1...servers {
      term *= load / Double(count)
      sum += term
    }
    let blocked = QueueFormulas.erlangB(servers: servers, load: load)
    #expect((blocked - term / sum).magnitude < 1e-12)
    let rho = load / Double(servers)
    if rho < 1 {
      #expect(
        (QueueFormulas.erlangC(servers: servers, load: load) - blocked / (1 - rho * (1 - blocked))).magnitude < 1e-12)
    } else {
      #expect(QueueFormulas.erlangC(servers: servers, load: load) == 1)
    }
  }

  @Test func `one server: waits, quantile and blocking`() {
    let deterministic = QueueFormulas.wait_s(arrivals_Hz: 8, meanService_s: 0.1, meanSquareService_s2: 0.01)
    let exponential = QueueFormulas.wait_s(arrivals_Hz: 8, meanService_s: 0.1, meanSquareService_s2: 0.02)
    #expect((deterministic - 0.2).magnitude < 1e-12 && (exponential - 0.4).magnitude < 1e-12)
    #expect(
      (QueueFormulas.sojournQuantile_s(0.95, arrivals_Hz: 8, services_Hz: 10) - 1.4979).magnitude < 5e-5)
    #expect((QueueFormulas.blocked(room: 5, load: 0.8) - 0.0888195).magnitude < 5e-8)
    #expect((QueueFormulas.blocked(room: 5, load: 1) - 1.0 / 6).magnitude < 1e-12)
    #expect(QueueFormulas.blocked(room: 0, load: 0.8) == 1)
    #expect(QueueFormulas.blocked(room: 3, load: 0) == 0)
  }

  @Test func `four servers of rate 1 at a load of .8`() {
    #expect((QueueFormulas.wait_s(servers: 4, arrivals_Hz: 3.2, services_Hz: 1) + 1 - 1.7455).magnitude < 5e-5)
    #expect((QueueFormulas.wait_s(servers: 1, arrivals_Hz: 0.8, services_Hz: 1) + 1 - 5).magnitude < 1e-12)
    #expect((QueueFormulas.wait_s(servers: 1, arrivals_Hz: 3.2, services_Hz: 4) + 0.25 - 1.25).magnitude < 1e-12)
  }

  @Test func `an overloaded queue waits for ever`() {
    #expect(QueueFormulas.wait_s(servers: 2, arrivals_Hz: 20, services_Hz: 10) == .infinity)
    #expect(QueueFormulas.wait_s(arrivals_Hz: 10, meanService_s: 0.1, meanSquareService_s2: 0.02) == .infinity)
    #expect(QueueFormulas.sharingSojourn_s(service_s: 1, load: 1) == .infinity)
    #expect(QueueFormulas.sojournQuantile_s(0.5, arrivals_Hz: 10, services_Hz: 10) == .infinity)
  }
}
