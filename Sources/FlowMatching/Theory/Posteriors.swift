extension TheoryCheck {
  /// The expected ends make up the point, and the expected noise is the score, relative to 1 + |x|.
  static let posteriors = TheoryCheck(
    4, "posterior means and score", "αE[X₁|x] + σE[X₀|x] = x, E[X₀|x] = −σs", bound: 1e-12,
    coefficients: [1, 1, -1]
  ) { setting, c in
    var random = setting.random.stream("posteriors")
    var exact = setting.exact
    var worst = 0.0
    for t in setting.times(16, 0.02, 0.98, using: &random) {
      let x = setting.points(8, at: t, using: &random)
      let path = setting.scheduler.coefficients(at: t)
      var (target, source, score) = (x, x, x)
      exact.expectedTarget(x, at: .shared(t), into: &target)
      exact.expectedSource(x, at: .shared(t), into: &source)
      exact.score(x, at: .shared(t), into: &score)
      for k in x.values.indices {
        let scale = 1 + abs(x.values[k]) + abs(source.values[k])
        let sum =
          c[0] * path.alpha * target.values[k] + c[1] * path.sigma * source.values[k]
        worst = worse(worst, abs(sum - x.values[k]) / scale)
        let noise = c[2] * path.sigma * score.values[k]
        worst = worse(worst, abs(source.values[k] - noise) / scale)
      }
    }
    return worst
  }
}
