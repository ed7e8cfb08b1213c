extension TheoryCheck {
  /// The identities of flow maps, of the noise of their targets and of densities of t; none is a statement
  /// about a data set.
  public static let maps: [TheoryCheck] = [
    eulerianEquation, lagrangianEquation, semigroup, solvedEquations, wrongTangent,
    targetCovariance, stoppedTangent, noiseFloors, sampledFloor, otherFloor,
    shortcutLimit, exactShortcut, timeDensities, shiftedTwice,
  ]

  /// The mean velocity is the velocity there and what it changes by on the way.
  static let eulerianEquation = TheoryCheck(
    40, "flow map of a Gaussian, Eulerian", "ū = v + (r−t)(∂_t + v·∇)ū", bound: 1e-10,
    coefficients: [1, 1, 1]
  ) { setting, c in MapCase.gaussian(setting).eulerian(c) }

  /// The end of a jump moves as the flow does.
  static let lagrangianEquation = TheoryCheck(
    40, "flow map of a Gaussian, Lagrangian", "∂_r X_{t,r} = v_r(X_{t,r})", bound: 1e-10,
    coefficients: [1, 1]
  ) { setting, c in MapCase.gaussian(setting).lagrangian(c) }

  /// Two jumps are one.
  static let semigroup = TheoryCheck(
    40, "flow map of a Gaussian, semigroup", "X_{s,r}∘X_{t,s} = X_{t,r}", bound: 1e-10,
    coefficients: [1, 1]
  ) { setting, c in MapCase.gaussian(setting).semigroup(c) }

  /// The same three of eight Gaussians, whose map is solved for.
  static let solvedEquations = TheoryCheck(
    40, "flow map of eight Gaussians, all three", "the same, by a tight solve", bound: 1e-7,
    coefficients: [1]
  ) { setting, c in
    let example = MapCase.eightGaussians(setting)
    return greatest([
      example.eulerian([1, c[0], 1]), example.lagrangian([1, c[0]]), example.semigroup([1, c[0]]),
    ])
  }

  /// The tangent of another velocity, here of none, gives another map.
  static let wrongTangent = TheoryCheck(
    40, "flow map with a wrong tangent (control)", "ū = v + (r−t)∂_t ū", bound: 1e-2,
    isControl: true, coefficients: [1, 1, 1]
  ) { setting, c in MapCase.gaussian(setting).eulerian(c, direction: 0) }
}

/// A map, its velocity field, and jumps of it to look at.
struct MapCase: Sendable {
  let map: any TwoTimeMap
  let field: any VelocityField
  /// Points of p_t with the two times of their jump.
  let jumps: [(x: Batch, t: Double, r: Double)]

  /// N(0, I) → N(m, s²I), m and s by the seed.
  static func gaussian(_ setting: TheorySetting) -> MapCase {
    var random = setting.random.stream("flow map")
    let (m, s) = (2 * random.uniform() - 1, 0.3 + 0.7 * random.uniform())
    let mixture = GaussianMixture(weights: [1], means: [[m, -m]], standardDeviation: s)
    return MapCase(
      map: GaussianMap(mean: [m, -m], deviation: [s, s]), MarginalField(target: mixture), mixture,
      count: 16, &random)
  }

  /// N(0, I) → eight Gaussians.
  static func eightGaussians(_ setting: TheorySetting) -> MapCase {
    var random = setting.random.stream("solved flow map")
    let mixture = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)
    let field = MarginalField(target: mixture)
    return MapCase(map: SolvedMap(field, tolerance: 1e-13), field, mixture, count: 4, &random)
  }

  private init(
    map: any TwoTimeMap, _ field: MarginalField, _ mixture: GaussianMixture, count: Int,
    _ random: inout Random
  ) {
    self.map = map
    self.field = field
    jumps = (0..<4).map { k in
      let t = 0.05 + 0.2 * (Double(k) + random.uniform()) * 0.9
      let r = t + (0.98 - t) * (0.2 + 0.8 * random.uniform())
      let x0 = StandardNormal(dimension: 2).sample(count: count, using: &random)
      var x = mixture.sample(count: count, using: &random)
      for k in x.values.indices { x.values[k] = t * x.values[k] + (1 - t) * x0.values[k] }
      return (x, t, r)
    }
  }

  /// max|c₀ū − c₁v − c₂(r − t)(∂_t + v·∇)ū|, of the velocity `direction`·v in the tangent.
  func eulerian(_ c: [Double], direction: Double = 1) -> Double {
    worst { x, t, r in
      let (mean, v) = (map.meanVelocity(x, from: t, to: r), field.velocity(x, at: t))
      var w = v
      for k in w.values.indices { w.values[k] *= direction }
      let tangent = map.tangent(x, along: w, from: t, to: r)
      return mean.values.indices.map {
        c[0] * mean.values[$0] - c[1] * v.values[$0] - c[2] * (r - t) * tangent.values[$0]
      }
    }
  }

  /// max|c₀∂_r X − c₁v_r(X)|.
  func lagrangian(_ c: [Double]) -> Double {
    worst { x, t, r in
      let rate = map.rate(x, from: t, to: r)
      let v = field.velocity(map.carried(x, from: t, to: r), at: r)
      return rate.values.indices.map { c[0] * rate.values[$0] - c[1] * v.values[$0] }
    }
  }

  /// max|c₀X_{s,r}(X_{t,s}) − c₁X_{t,r}|.
  func semigroup(_ c: [Double]) -> Double {
    worst { x, t, r in
      let s = t + 0.4 * (r - t)
      let two = map.carried(map.carried(x, from: t, to: s), from: s, to: r)
      let one = map.carried(x, from: t, to: r)
      return one.values.indices.map { c[0] * two.values[$0] - c[1] * one.values[$0] }
    }
  }

  private func worst(_ residual: (Batch, Double, Double) -> [Double]) -> Double {
    jumps.reduce(0) { worst, jump in
      residual(jump.x, jump.t, jump.r).reduce(worst) { worse($0, abs($1)) }
    }
  }
}
