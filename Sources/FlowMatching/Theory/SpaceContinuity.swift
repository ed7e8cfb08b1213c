#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension SpaceCheck {
  /// The field moves the density by area: relative to the largest |∂_t p|.
  static let continuity = SpaceCheck(
    18, "continuity equation on the space", "∂_t p + div(pu) = 0", bound: 1e-6,
    coefficients: [1, 1]
  ) { setting, c in
    continuityResidual(setting, c, of: setting.field) { x, t in setting.field.velocity(x, at: t) }
  }

  /// The mean of the straight ways does not, not even projected: the right ends, the wrong paths. They
  /// are straight among a network's inputs; on the torus straight lines of angles are geodesics.
  static let straightContinuity = SpaceCheck(
    18, "straight ways, projected (control)", "∂_t p + div(p P(E[y₁ | x] − y))/(1 − t) = 0",
    bound: 1e-2, isControl: true, coefficients: [1, 1]
  ) { setting, c in
    let posterior = GeodesicPosterior(setting)
    let field = setting.space.pointField(to: setting.data, weights: nil)
    return continuityResidual(setting, c, of: field) { x, t in
      var sum = x
      for k in sum.values.indices { sum.values[k] = 0 }
      let weights = posterior.weights(x, at: t)
      for i in 0..<setting.data.count {
        let ways = setting.chords(x, to: setting.data.point(i))
        for k in sum.values.indices {
          sum.values[k] += weights[i][k % x.count] * ways.values[k] / (1 - t)
        }
      }
      return sum
    }
  }

  /// The largest |a·∂_t p + b·div(pv)| relative to the largest |∂_t p|, by differences along geodesics
  /// and in time, at points that no edge of the density is near.
  private static func continuityResidual(
    _ setting: SpaceTheorySetting, _ c: [Double], of field: any GeodesicField,
    _ velocity: (_ x: Batch, _ t: Double) -> Batch
  ) -> Double {
    let space = setting.space
    var random = setting.random.stream("continuity")
    var field = field
    func density(_ x: Batch, _ t: Double) -> [Double] {
      field.logDensity(x, at: .shared(t)).map { exp($0) }
    }
    var (worst, largest) = (0.0, 0.0)
    for t in setting.times(4, using: &random) {
      let draws = setting.points(32, at: t, using: &random)
      let edges = field.edgeDistances(draws, at: .shared(t))
      // The widest stencil reaches 2 steps, and an edge moves by π a unit of time.
      let apart = draws.choosing(edges.indices.filter { edges[$0] > 10 * CentralDifference.step })
      let rate = CentralDifference.derivative { density(apart, t + $0) }
      var sum = rate.map { c[0] * $0 }
      for axis in space.tangentBasis(at: apart) {
        let slope = CentralDifference.derivative { shift in
          var moved = apart
          space.move(&moved, along: axis, by: shift)
          // The tangent of the geodesic there is the way back, turned.
          var tangent = apart
          space.way(from: moved, to: apart, into: &tangent)
          let (p, v) = (density(moved, t), velocity(moved, t))
          return p.indices.map { j in
            var along = 0.0
            for i in 0..<v.dimension { along -= v[i, j] * tangent[i, j] / shift }
            return p[j] * along
          }
        }
        for j in sum.indices { sum[j] += c[1] * slope[j] }
      }
      worst = sum.reduce(worst) { worse($0, abs($1)) }
      largest = rate.reduce(largest) { worse($0, abs($1)) }
    }
    return worst / largest
  }
}

/// The probabilities of a setting's draws of the data, given X_t = x.
struct GeodesicPosterior {
  private let fields: [any GeodesicField]

  init(_ setting: SpaceTheorySetting) {
    fields = (0..<setting.data.count).map {
      setting.space.pointField(to: setting.data.points($0..<$0 + 1), weights: nil)
    }
  }

  /// w_i of every point, by Bayes' rule from p_t(x | x_i); zeros where none leads there.
  func weights(_ x: Batch, at t: Double) -> [[Double]] {
    let logs = fields.map { field in
      var field = field
      return field.logDensity(x, at: .shared(t))
    }
    let totals = (0..<x.count).map { j in logSumExp(logs.map { $0[j] }) }
    return logs.map { row in
      zip(row, totals).map { $1 > -.infinity ? exp($0 - $1) : 0 }
    }
  }

  /// u_t(x | x_i) for every draw x_i.
  func velocities(_ x: Batch, at t: Double) -> [Batch] { fields.map { $0.velocity(x, at: t) } }
}
