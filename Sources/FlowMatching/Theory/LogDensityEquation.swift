extension TheoryCheck {
  /// The continuity equation divided by p, relative to the largest |∂_t log p|.
  static let logDensity = TheoryCheck(
    2, "log-density equation", "∂_t log p + u·s + ∇·u = 0", bound: 1e-6, rounding: 4e-12,
    coefficients: [1, 1, 1]
  ) { setting, c in
    var random = setting.random.stream("log density")
    var exact = setting.exact
    var (worst, largest) = (0.0, 0.0)
    for t in setting.times(4, 0.1, 0.9, using: &random) {
      let x = setting.points(8, at: t, using: &random)
      let rate = CentralDifference.derivative(step: CentralDifference.step / setting.reach) {
        exact.logDensity(x, at: .shared(t + $0))
      }
      var score = x
      exact.score(x, at: .shared(t), into: &score)
      let velocity = exact.velocity(x, at: t)
      var sum = rate.map { c[0] * $0 }
      for i in 0..<x.dimension {
        let slope = CentralDifference.derivative { shift in
          exact.velocity(x.moved(i, by: shift), at: t).row(i)
        }
        for j in sum.indices { sum[j] += c[1] * velocity[i, j] * score[i, j] + c[2] * slope[j] }
      }
      worst = sum.reduce(worst) { worse($0, abs($1)) }
      largest = rate.reduce(largest) { worse($0, abs($1)) }
    }
    return worst / largest
  }
}
