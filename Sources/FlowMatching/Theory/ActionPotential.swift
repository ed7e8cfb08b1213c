extension TheoryCheck {
  /// From N(0, I) the exact field is the gradient of a potential, which action matching learns.
  static let potential = TheoryCheck(
    35, "potential of the field", "∇(½a|x|² + b log p_t) = u, u = ax + b∇log p_t", bound: 1e-8,
    rounding: 1e-11, coefficients: [1, 1]
  ) { setting, c in slopes(setting, c) }

  /// Without its first part it is that of the score alone.
  static let scorePotential = TheoryCheck(
    35, "log-density as potential (control)", "∇(b log p_t) = u", bound: 1e-2, isControl: true,
    coefficients: [0, 1]
  ) { setting, c in slopes(setting, c) }

  /// The largest difference of the potential's slopes from the field, relative to its largest velocity.
  private static func slopes(_ setting: TheorySetting, _ c: [Double]) -> Double {
    var random = setting.random.stream("potential")
    var exact = setting.exact
    var (worst, largest) = (0.0, 0.0)
    for t in setting.times(4, 0.1, 0.9, using: &random) {
      let x = setting.points(8, at: t, using: &random)
      let share = Prediction.score.velocityCoefficients(setting.scheduler.coefficients(at: t))
      let velocity = exact.velocity(x, at: t)
      for i in 0..<x.dimension {
        let slope = CentralDifference.derivative { shift in
          let moved = x.moved(i, by: shift)
          return zip(exact.logDensity(moved, at: .shared(t)), 0..<x.count).map { log, j in
            // The difference of squares, which are too large where the data lie far out.
            let square = (moved[i, j] - x[i, j]) * (moved[i, j] + x[i, j])
            return 0.5 * c[0] * share.x * square + c[1] * share.other * log
          }
        }
        for j in 0..<x.count {
          worst = worse(worst, abs(slope[j] - velocity[i, j]))
          largest = worse(largest, abs(velocity[i, j]))
        }
      }
    }
    return worst / largest
  }
}
