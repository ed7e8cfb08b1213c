extension TheoryCheck {
  /// In the plane two probes give the exact divergence, relative to 1 + |∇·u|.
  static let trace = TheoryCheck(
    12, "Hutchinson's mean over (1, ±1)", "½Σ εᵀ(∂u/∂x)ε = ∇·u", bound: 1e-12, rounding: 1e-14,
    fieldBound: 1e-5,
    coefficients: [0.5, 0.5]
  ) { setting, c in
    var random = setting.random.stream("trace")
    var worst = 0.0
    for t in setting.times(8, 0.02, 0.98, using: &random) {
      let x = setting.points(8, at: t, using: &random)
      let exact = setting.trace(x, t)
      let (plus, minus) = (setting.form(x, t, [1, 1]), setting.form(x, t, [1, -1]))
      for j in 0..<x.count {
        let scale = 1 + abs(plus[j]) + abs(minus[j])
        worst = worse(worst, abs(c[0] * plus[j] + c[1] * minus[j] - exact[j]) / scale)
      }
    }
    return worst
  }

  /// Rademacher probes vary by the off-diagonal alone: in the plane every one is |J₁₂ + J₂₁| off, so
  /// that no standard error is left; J by central differences, relative to 1 + the square.
  static let traceVariance = TheoryCheck(
    12, "variance of Rademacher probes", "E(εᵀJε − tr J)² = (J₁₂ + J₂₁)²", bound: 1e-6,
    rounding: 2e-11,
    fieldBound: 2e-2, coefficients: [1, 1]
  ) { setting, c in
    var random = setting.random.stream("trace variance")
    // A network computes in Float32, whose grid is as coarse as its numbers are large: each point has the
    // best of a few steps.
    let steps =
      setting.isExact
      ? [CentralDifference.step]
      : Set([0.02, 0.02 * setting.reach.squareRoot(), 0.02 * setting.reach]).sorted()
    var worst = 0.0
    for t in setting.times(4, 0.05, 0.9, using: &random) {
      let x = setting.points(4, at: t, using: &random)
      let exact = setting.trace(x, t)
      var variance = [Double](repeating: 0, count: x.count)
      for _ in 0..<32 {
        let probe = (0..<2).map { _ in random.uniform() < 0.5 ? -1.0 : 1 }
        let values = setting.form(x, t, probe)
        for j in variance.indices {
          variance[j] += (values[j] - exact[j]) * (values[j] - exact[j]) / 32
        }
      }
      var least = [Double](repeating: .infinity, count: x.count)
      for h in steps {
        let slopes = (0..<2).map { i in
          CentralDifference.derivative(step: h) { shift in
            setting.field.velocity(x.moved(i, by: shift), at: t).row(1 - i)
          }
        }
        for j in variance.indices {
          let sum = c[0] * slopes[0][j] + c[1] * slopes[1][j]
          least[j] = min(least[j], abs(variance[j] - sum * sum) / (1 + variance[j]))
        }
      }
      worst = least.reduce(worst, max)
    }
    return worst
  }
}

extension TheorySetting {
  /// ∇·u of every point.
  fileprivate func trace(_ x: Batch, _ t: Double) -> [Double] {
    var (field, velocity) = (field, x)
    var divergence = [Double](repeating: 0, count: x.count)
    field.evaluate(x, at: .shared(t), into: &velocity, divergence: &divergence)
    return divergence
  }

  /// εᵀ(∂u/∂x)ε of every point, with one probe for all.
  fileprivate func form(_ x: Batch, _ t: Double, _ probe: [Double]) -> [Double] {
    var (field, velocity) = (field, x)
    var divergence = [Double](repeating: 0, count: x.count)
    let probes = Batch(points: [[Double]](repeating: probe, count: x.count))
    field.evaluate(
      x, at: .shared(t), probes: probes, into: &velocity, divergence: &divergence)
    return divergence
  }
}
