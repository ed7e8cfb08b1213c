#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension SpaceCheck {
  /// The path is at its ends at 0 and 1, and in between its velocity, as long as the ends are apart, is
  /// the rest of the way over the rest of the time.
  static let geodesicEnds = SpaceCheck(
    16, "geodesic paths", "x₀, x₁ at t = 0, 1; |u_t| = θ; u_t = log_{x_t}(x₁)/(1 − t)",
    bound: 1e-10,
    coefficients: [1, 1]
  ) { setting, c in
    ends(setting) { x0, x1, t in
      let space = setting.space
      var (x, u) = (x0, x0)
      space.geodesic(from: x0, to: x1, at: .shared(t), into: &x, velocities: &u)
      return (x, u)
    } residual: { speed, distance, way, u in
      (abs(speed - c[0] * distance), abs(c[1] * way - u))
    }
  }

  /// The straight path (1 − t)x₀ + tx₁ through the coordinates leaves the sphere, and goes the long way
  /// around the torus.
  static let straightEnds = SpaceCheck(
    16, "straight paths (control)", "|x₁ − x₀| = θ; x₁ − x₀ = log_{x_t}(x₁)/(1 − t)", bound: 1e-2,
    isControl: true, coefficients: [1, 1]
  ) { setting, c in
    ends(setting) { x0, x1, t in
      var (x, u) = (x0, x0)
      for k in x.values.indices {
        x.values[k] = (1 - t) * x0.values[k] + t * x1.values[k]
        u.values[k] = x1.values[k] - x0.values[k]
      }
      return (x, u)
    } residual: { speed, distance, way, u in
      (abs(speed - c[0] * distance), abs(c[1] * way - u))
    }
  }

  /// The largest residual of pairs of a uniform point and a draw of the data, in units of a radian.
  private static func ends(
    _ setting: SpaceTheorySetting,
    path: (_ x0: Batch, _ x1: Batch, _ t: Double) -> (x: Batch, u: Batch),
    residual: (_ speed: Double, _ distance: Double, _ way: Double, _ u: Double) -> (Double, Double)
  ) -> Double {
    let space = setting.space
    var random = setting.random.stream("ends")
    var x0 = Batch(dimension: space.coordinates, count: 64)
    space.sampleUniform(into: &x0, using: &random)
    let x1 = setting.points(64, at: 1, using: &random)
    let distances = space.squaredDistances(x0, x1).map { $0.squareRoot() }
    var worst = 0.0
    for (t, end) in [(0.0, x0), (1, x1)] {
      worst = worse(
        worst, space.squaredDistances(path(x0, x1, t).x, end).reduce(0, worse).squareRoot())
    }
    for t in setting.times(4, using: &random) {
      let (x, u) = path(x0, x1, t)
      var way = x
      space.way(from: x, to: x1, into: &way)
      for (square, distance) in zip(u.squaredLengths, distances) {
        worst = worse(worst, residual(square.squareRoot(), distance, 0, 0).0)
      }
      for k in way.values.indices {
        worst = worse(worst, residual(0, 0, way.values[k] / (1 - t), u.values[k]).1)
      }
    }
    return worst
  }
}
