#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TheoryCheck {
  /// Every solver finds the flow of N(0, I) → N(m, s²I), m and s by the seed: its error at t = .7 after
  /// n = 50 steps, relative to 30n^(−p) + 1e-11 for its order p.
  static let gaussianFlow = TheoryCheck(
    14, "flow of N(0, I) → N(m, s²I)", "ψ_t(x) = tm + √((1−t)² + t²s²)·x", bound: 1,
    coefficients: [1, 1]
  ) { setting, c in
    let (m, s) = setting.gaussian("gaussian flow")
    let x = setting.points(16, at: 0, using: "gaussian flow")
    let t = 0.7
    let scale = ((1 - t) * (1 - t) + t * t * s * s).squareRoot()
    return ButcherTableau.all.map { tableau in
      var field: any VelocityField = setting.gaussianField(m, s)
      let end = Integrator.ends(
        &field, tableau, control: .fixed(steps: 50), from: x, end: t)
      let error = zip(end.values, x.values).map {
        abs($0 - (c[0] * t * m + c[1] * scale * $1))
      }.reduce(0, worse)
      return error / (30 * pow(50, -Double(tableau.order)) + 1e-11)
    }.reduce(0, worse)
  }

  /// Its end ψ₁ is the optimal transport map: no other pairing of points and images costs less.
  static let optimalMap = TheoryCheck(
    14, "ψ₁ is the optimal transport map", "Σ|x_i − ψ₁(x_i)|² = min over pairings", bound: 1e-10,
    coefficients: [1]
  ) { setting, c in
    let (m, s) = setting.gaussian("optimal map")
    let x = setting.points(200, at: 0, using: "optimal map")
    var field: any VelocityField = setting.gaussianField(m, s)
    var images = Integrator.ends(&field, .dop853, control: .fixed(steps: 20), from: x)
    for k in images.values.indices { images.values[k] = m + c[0] * (images.values[k] - m) }
    let own = zip(images.values, x.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return abs(own / OptimalTransport.assignment(from: x, to: images).cost - 1)
  }
}

extension TheorySetting {
  /// The exact field from N(0, I) to N(m, s²I), every coordinate of the mean m, under conditional OT.
  fileprivate func gaussianField(_ m: Double, _ s: Double) -> MarginalField {
    MarginalField(
      target: GaussianMixture(
        weights: [1], means: [[Double](repeating: m, count: dimension)], standardDeviation: s))
  }

  fileprivate func points(_ count: Int, at t: Double, using stream: String) -> Batch {
    var random = random.stream(stream + " points")
    return points(count, at: t, using: &random)
  }
}
