import FlowMatching

/// The whole ways of the places that a person asked about, through a world: back to the noise and on to the
/// data.
struct WorldWays: Sendable {
  /// What they are of.
  struct Key: Sendable, Hashable {
    let version, drops: Int
    let scheduler: Scheduler
  }

  /// One particle, from t = 0 to 1.
  struct Way: Sendable {
    let drop: ExactWorld.Drop
    let times: [Double]
    /// Its places, one for each time.
    let x, y: [Double]
    /// log p of its ends where there is one: in the noise and in the data.
    let startDensity, endDensity: Double?

    /// Where it is at t, between two known places on the straight line.
    func place(at t: Double) -> (x: Double, y: Double) {
      let after = times.firstIndex { $0 >= t } ?? times.count - 1
      guard after > 0, times[after] > times[after - 1] else { return (x[after], y[after]) }
      let s = (t - times[after - 1]) / (times[after] - times[after - 1])
      return (
        x[after - 1] + s * (x[after] - x[after - 1]), y[after - 1] + s * (y[after] - y[after - 1])
      )
    }
  }

  let key: Key
  let all: [Way]

  /// Steps of RK4 to either side: fine enough that the line is the exact way to the eye.
  private static let steps = 40

  /// Solves for all at once that were dropped at one time.
  init(
    _ key: Key, _ drops: [ExactWorld.Drop], _ field: any ExactField,
    source: any Distribution, target: GaussianMixture?
  ) {
    self.key = key
    var ways = [Way?](repeating: nil, count: drops.count)
    for t in Set(drops.map(\.t)) {
      let members = drops.indices.filter { drops[$0].t == t }
      let points = Batch(points: members.map { [drops[$0].x, drops[$0].y] })
      let back = WorldWays.knots(field, points, from: t, to: 0).reversed()
      let on = WorldWays.knots(field, points, from: t, to: 1)
      let knots = Array(back.dropLast()) + on
      let starts = (source as? any DensityDistribution)?.logDensity(knots[0].x)
      let ends = target?.logDensity(knots[knots.count - 1].x)
      for (column, index) in members.enumerated() {
        ways[index] = Way(
          drop: drops[index], times: knots.map(\.t), x: knots.map { $0.x[0, column] },
          y: knots.map { $0.x[1, column] }, startDensity: starts?[column],
          endDensity: ends?[column])
      }
    }
    all = ways.compactMap { $0 }
  }

  private static func knots(
    _ field: any ExactField, _ points: Batch, from start: Double, to end: Double
  ) -> [(t: Double, x: Batch)] {
    var knots = [(t: start, x: points)]
    guard start != end else { return knots }
    var field: any VelocityField = field
    var solve = Integrator(
      .rk4, control: .fixed(steps: steps), from: points, start: start, end: end)
    while solve.status == .running {
      let before = solve.stepsAccepted
      _ = solve.advance(&field, budget: .max)
      if solve.stepsAccepted > before { knots.append((solve.knot.t, solve.knot.x)) }
    }
    return knots
  }
}
