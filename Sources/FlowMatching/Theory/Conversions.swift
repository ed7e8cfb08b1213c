extension TheoryCheck {
  /// Target, source and score give the velocity, and it gives them, relative to each one's size.
  static let conversions = TheoryCheck(
    3, "conversions between predictions", "u = a(t)x + b(t)x̂, x̂ = c(t)x + e(t)u", bound: 1e-10,
    coefficients: [1, 1]
  ) { setting, c in
    var random = setting.random.stream("conversions")
    var exact = setting.exact
    var worst = 0.0
    for t in setting.times(16, 0.02, 0.98, using: &random) {
      let x = setting.points(8, at: t, using: &random)
      let path = setting.scheduler.coefficients(at: t)
      var (target, source, score) = (x, x, x)
      exact.expectedTarget(x, at: .shared(t), into: &target)
      exact.expectedSource(x, at: .shared(t), into: &source)
      exact.score(x, at: .shared(t), into: &score)
      let velocity = exact.velocity(x, at: t)
      for (kind, values) in [
        (Prediction.target, target), (.source, source), (.score, score),
      ] {
        let (to, from) = (kind.velocityCoefficients(path), kind.predictionCoefficients(path))
        let size = 1 + abs(to.other) + abs(from.other) + abs(to.x) + abs(from.x)
        for k in x.values.indices {
          let u = c[0] * to.x * x.values[k] + c[1] * to.other * values.values[k]
          let prediction = c[0] * from.x * x.values[k] + c[1] * from.other * velocity.values[k]
          let scale = size * (1 + abs(velocity.values[k]) + abs(values.values[k]))
          worst = worse(worst, abs(u - velocity.values[k]) / scale)
          worst = worse(worst, abs(prediction - values.values[k]) / scale)
        }
      }
    }
    return worst
  }
}
