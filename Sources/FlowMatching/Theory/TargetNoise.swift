extension TheoryCheck {
  /// MeanFlow's target v_c + (r − t)(∂_t + v_c·∇)ū scatters by what the map makes of the scatter of v_c.
  static let targetCovariance = TheoryCheck(
    41, "noise of MeanFlow's target", "Cov(target|x, t) = ∇X Cov(v_c|x, t) ∇Xᵀ", bound: 1e-8,
    coefficients: [1, 1]
  ) { setting, c in
    let posterior = VelocityPosterior(
      isotropic: GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2))
    return MapCase.eightGaussians(setting).covariance(posterior, c, tangent: 1)
  }

  /// With the velocity itself in the tangent it does not: that is improved MeanFlow, of less noise.
  static let stoppedTangent = TheoryCheck(
    41, "noise of improved MeanFlow's target (control)", "the same with v in the tangent",
    bound: 1e-2, isControl: true, coefficients: [1, 1]
  ) { setting, c in
    let posterior = VelocityPosterior(
      isotropic: GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2))
    return MapCase.eightGaussians(setting).covariance(posterior, c, tangent: 0)
  }

  /// The least losses for N(0, I) → N(m, s²I), s = ½, to four digits: of flow matching πs/2, of MeanFlow to
  /// r = 1, and of (t, r) the lesser and the greater of two uniforms.
  static let noiseFloors = TheoryCheck(
    42, "least losses of targets", "∫ s²/σ_t² = .7854, s⁴/σ_t⁴ .7409, E s²σ_r²/σ_t⁴ .4293",
    bound: 5e-5, coefficients: [1, 1, 1]
  ) { _, c in
    let rule = GaussLegendre(16)
    let noise = GaussianNoise(s: 0.5)
    let matching = rule.integrate { noise.variance(from: $0, to: $0) }
    let toEnd = rule.integrate { noise.variance(from: $0, to: 1) }
    // Of (min, max) of two uniforms: density 2 on the triangle.
    let both = rule.integrate { t in
      2 * (1 - t) * rule.integrate { noise.variance(from: t, to: t + (1 - t) * $0) }
    }
    return greatest([
      abs(c[0] * matching - 0.7854), abs(c[1] * toEnd - 0.7409), abs(c[2] * both - 0.4293),
    ])
  }

  /// The same by drawing: the mean of |target − ū|² over pairs, in standard errors.
  static let sampledFloor = TheoryCheck(
    42, "least loss of MeanFlow, sampled", "E|target − ū|²/d = .7409 at r = 1, in standard errors",
    bound: 4.5, coefficients: [1]
  ) { setting, c in
    let losses = GaussianNoise(s: 0.5).losses(setting.random.stream("mean flow floor"))
    let estimate = Estimate(of: losses)
    return abs(c[0] * estimate.mean - 0.7409) / estimate.standardError
  }

  /// It is not that of jumps from the lesser to the greater of two uniform times.
  static let otherFloor = TheoryCheck(
    42, "least loss of MeanFlow between two times (control)", "E|target − ū|²/d = .7409 for r < 1",
    bound: 4.5, isControl: true, coefficients: [1]
  ) { setting, c in
    let losses = GaussianNoise(s: 0.5).losses(
      setting.random.stream("mean flow floor"), isToEnd: false)
    let estimate = Estimate(of: losses)
    return abs(c[0] * estimate.mean - 0.7409) / estimate.standardError
  }
}

extension MapCase {
  /// The greatest derivative of the map that differences are trusted with.
  private static let steepest = 2.0

  /// max|c₀Cov(target) − c₁∇X Cov(v_c) ∇Xᵀ| over the points, relative to the largest of Cov(v_c), but for
  /// those where the map tears clusters apart: differences have no more than a few digits of it there. The
  /// target is affine in v_c, so that a few of its values have its covariance; with `tangent` 0 the
  /// velocity stands in the tangent.
  func covariance(_ posterior: VelocityPosterior, _ c: [Double], tangent: Double) -> Double {
    var (worst, largest) = (0.0, 0.0)
    for (points, t, r) in jumps {
      let columns = map.jacobian(points, from: t, to: r, step: 1.5e-4)
      for j in 0..<points.count
      where columns.allSatisfy({ $0.point(j).allSatisfy { abs($0) < MapCase.steepest } }) {
        let x = points.point(j)
        let parts = posterior.parts(at: x, t)
        let (mean, covariance) = VelocityPosterior.moments(parts)
        let known = VelocityPosterior.carried(covariance, along: columns.map { $0.point(j) })
        let found = VelocityPosterior.moments(
          targets(parts, mean, at: x, t, r, tangent: tangent)
        ).covariance
        for k in known.indices {
          worst = worse(worst, abs(c[0] * found[k] - c[1] * known[k]))
          largest = worse(largest, abs(covariance[k]))
        }
      }
    }
    return worst / largest
  }

  /// The target at points that have the mean and the covariance of every part: μ ± √(d·variance)e_k.
  private func targets(
    _ parts: [VelocityPosterior.Part], _ mean: [Double], at x: [Double], _ t: Double, _ r: Double,
    tangent: Double
  ) -> [VelocityPosterior.Part] {
    let d = x.count
    var (weights, velocities): ([Double], [[Double]]) = ([], [])
    for part in parts where part.weight > 1e-14 {
      let reach = (Double(d) * part.variance).squareRoot()
      for k in 0..<d {
        for sign in [-1.0, 1] {
          var v = part.mean
          v[k] += sign * reach
          velocities.append(v)
          weights.append(part.weight / Double(2 * d))
        }
      }
    }
    let directions = velocities.map { v in
      (0..<d).map { mean[$0] + tangent * (v[$0] - mean[$0]) }
    }
    let there = Batch(points: velocities.map { _ in x })
    // Velocities are large where they are unlikely: the step in x is that of the field's length.
    let size = directions.joined().reduce(1) { max($0, abs($1)) }
    let change = map.tangent(
      there, along: Batch(points: directions), from: t, to: r, step: 1.25e-4 / size)
    return velocities.indices.map { k in
      VelocityPosterior.Part(
        weight: weights[k],
        mean: (0..<d).map { velocities[k][$0] + (r - t) * change[$0, k] }, variance: 0)
    }
  }
}

/// The scatter of targets on the path N(0, 1) → N(0, s²), from the map by differences.
private struct GaussianNoise {
  let map: GaussianMap
  let posterior: VelocityPosterior

  init(s: Double) {
    map = GaussianMap(mean: [0], deviation: [s])
    posterior = VelocityPosterior(
      isotropic: GaussianMixture(weights: [1], means: [[0]], standardDeviation: s))
  }

  /// Var(target | x, t), the same at every x: from two velocities a deviation beside the mean.
  func variance(from t: Double, to r: Double) -> Double {
    let part = posterior.parts(at: [0.3], t)[0]
    let deviation = part.variance.squareRoot()
    let x = Batch(points: [[0.3], [0.3]])
    let v = Batch(points: [[part.mean[0] - deviation], [part.mean[0] + deviation]])
    let change = map.tangent(x, along: v, from: t, to: r)
    let spread = v[0, 1] - v[0, 0] + (r - t) * (change[0, 1] - change[0, 0])
    return 0.25 * spread * spread
  }

  /// |target − ū|² of many pairs, to r = 1 or to the greater of two times.
  func losses(_ random: Random, isToEnd: Bool = true) -> [Double] {
    var random = random
    let s = map.deviation[0]
    return (0..<20_000).map { k in
      // Strata of t: what is between them has no variance.
      var (t, r) = ((Double(k) + random.uniform()) / 20_000, 1.0)
      if !isToEnd {
        let other = random.uniform()
        (t, r) = (min(t, other), max(t, other))
      }
      let (x0, x1) = (random.normal(), s * random.normal())
      let x = Batch(points: [[(1 - t) * x0 + t * x1]])
      let v = x1 - x0
      let change = map.tangent(x, along: Batch(points: [[v]]), from: t, to: r)[0, 0]
      let difference = v + (r - t) * change - map.meanVelocity(x, from: t, to: r)[0, 0]
      return difference * difference
    }
  }
}
