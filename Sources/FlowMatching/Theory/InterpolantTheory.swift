#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TheoryCheck {
  /// The identities of stochastic interpolants between N(0, I) and a mixture, and of the potentials of
  /// action matching.
  public static let interpolants: [TheoryCheck] =
    [driftOfInterpolant, velocityAlone, driftOfMirror, mirrorAtRest] + fokkerPlanck
    + [driftForgotten, potential, scorePotential]

  /// What a drift is made of: v = E[X₁ − X₀|x] and the score.
  static let driftOfInterpolant = TheoryCheck(
    33, "drift of an interpolant", "b = v − γγ̇s, v = E[X₁ − X₀|x]", bound: 1e-10,
    rounding: 1e-12, coefficients: [1, 1, -1]
  ) { setting, c in
    InterpolantPoints(setting, stream: "interpolant drift").drift(c)
  }

  /// Without the score it is not the drift.
  static let velocityAlone = TheoryCheck(
    33, "velocity as drift (control)", "b = v", bound: 1e-2, isControl: true,
    coefficients: [1, 1, 0]
  ) { setting, c in
    InterpolantPoints(setting, stream: "interpolant drift").drift(c)
  }

  /// Of the mirror interpolant x₁ + γz, whose ends stand still, the score alone moves a point.
  static let driftOfMirror = TheoryCheck(
    33, "drift of the mirror", "b = −γγ̇s of x₁ + γz", bound: 1e-10, rounding: 1e-12,
    coefficients: [1, -1]
  ) { setting, c in
    InterpolantPoints(setting, stream: "mirror", [.mirror(1)]).drift([c[0], 0, c[1]])
  }

  /// That its ends stand still does not mean that it does.
  static let mirrorAtRest = TheoryCheck(
    33, "mirror at rest (control)", "b = 0", bound: 1e-2, isControl: true, coefficients: [1, 0]
  ) { setting, c in
    InterpolantPoints(setting, stream: "mirror", [.mirror(1)]).drift([c[0], 0, c[1]])
  }

  /// For every ε the same densities solve the equation of the noisy process.
  static let fokkerPlanck = [0.1, 1, 5].map { epsilon in
    TheoryCheck(
      34, "Fokker–Planck, ε = \(epsilon == 0.1 ? "0.1" : "\(Int(epsilon))")",
      "∂_t p + ∇·((b + εs)p) = εΔp", bound: 1e-5, rounding: 1e-8,
      coefficients: [1, 1, epsilon, -epsilon]
    ) { setting, c in
      InterpolantPoints(setting, stream: "Fokker–Planck", InterpolantPoints.kinds + [.mirror(1)])
        .fokkerPlanck(c) { $0.drift }
    }
  }

  /// With the velocity in the place of the drift they do not.
  static let driftForgotten = TheoryCheck(
    34, "Fokker–Planck with v (control)", "∂_t p + ∇·((v + s)p) = Δp", bound: 1e-2,
    isControl: true, coefficients: [1, 1, 1, -1]
  ) { setting, c in
    InterpolantPoints(setting, stream: "Fokker–Planck").fokkerPlanck(c) { $0.velocity }
  }
}

/// Exact interpolants to the setting's data with every kind of noise, at draws of X_t.
private struct InterpolantPoints {
  /// What is known at some points.
  struct Values {
    let drift, velocity, score: Batch
  }

  private let setting: TheorySetting
  private var random: Random
  private let fields: [(field: any ExactField, path: ConditionalPath)]
  /// How large the noise is: as the data, so that it matters.
  static let kinds: [InterpolantNoise] = [.squareRoot(1), .sine(0.7), .product(2)]

  init(
    _ setting: TheorySetting, stream: String, _ kinds: [InterpolantNoise] = InterpolantPoints.kinds
  ) {
    self.setting = setting
    random = setting.random.stream(stream)
    fields = kinds.compactMap { noise in
      let path = noise.with(number: noise.scale * setting.reach).path
      return setting.dataset.exactField(scheduler: .conditionalOT, path: path).map { ($0, path) }
    }
  }

  /// The largest |a·b − (v·c + γγ̇s·d)| relative to 1 + |b|.
  func drift(_ c: [Double]) -> Double {
    guard !fields.isEmpty else { return .nan }
    var random = random
    var worst = 0.0
    for (field, path) in fields {
      for t in setting.times(6, 0.05, 0.95, using: &random) {
        let x = points(8, path, at: t, using: &random)
        let (values, product) = (
          values(field, x, t), path.coefficients(.conditionalOT, at: t).noiseProduct
        )
        for k in x.values.indices {
          let b = values.drift.values[k]
          let sum = c[1] * values.velocity.values[k] + c[2] * product * values.score.values[k]
          worst = worse(worst, abs(c[0] * b - sum) / (1 + abs(b)))
        }
      }
    }
    return worst
  }

  /// The largest |a·∂_t p + b·∇·((w + c·s)p) + d·Δp| relative to the largest |∂_t p|.
  func fokkerPlanck(_ c: [Double], _ drift: (Values) -> Batch) -> Double {
    guard !fields.isEmpty else { return .nan }
    var random = random
    var worst = 0.0
    for (field, path) in fields {
      var (residual, largest) = (0.0, 0.0)
      for t in setting.times(3, 0.15, 0.85, using: &random) {
        let x = points(6, path, at: t, using: &random)
        func density(_ x: Batch, _ t: Double) -> [Double] {
          var field = field
          return field.logDensity(x, at: .shared(t)).map { exp($0) }
        }
        let rate = CentralDifference.derivative(step: CentralDifference.step / setting.reach) {
          density(x, t + $0)
        }
        var sum = rate.map { c[0] * $0 }
        for i in 0..<x.dimension {
          let slope = CentralDifference.derivative { shift in
            let moved = x.moved(i, by: shift)
            let known = values(field, moved, t)
            let (w, s) = (drift(known).row(i), known.score.row(i))
            let p = density(moved, t)
            return p.indices.map { p[$0] * (c[1] * (w[$0] + c[2] * s[$0])) }
          }
          // Of p itself: by the score ε would cancel, whatever it is.
          let curvature = InterpolantPoints.curvature(step: 0.01 * narrowest(path, at: t)) {
            density(x.moved(i, by: $0), t)
          }
          for j in sum.indices { sum[j] += slope[j] + c[3] * curvature[j] }
        }
        residual = sum.reduce(residual) { worse($0, abs($1)) }
        largest = rate.reduce(largest) { worse($0, abs($1)) }
      }
      worst = worse(worst, residual / largest)
    }
    return worst
  }

  /// The second derivative at 0, [−f(−2h) + 16f(−h) − 30f(0) + 16f(h) − f(2h)]/12h².
  private static func curvature(step h: Double, _ f: (Double) -> [Double]) -> [Double] {
    var sum: [Double] = []
    for (shift, weight) in [(-2.0, -1.0), (-1, 16), (0, -30), (1, 16), (2, -1)] {
      let values = f(shift * h)
      if sum.isEmpty { sum = [Double](repeating: 0, count: values.count) }
      for j in values.indices { sum[j] += weight * values[j] / (12 * h * h) }
    }
    return sum
  }

  /// The least length on which p_t changes.
  private func narrowest(_ path: ConditionalPath, at t: Double) -> Double {
    let c = path.coefficients(.conditionalOT, at: t)
    let least = setting.dataset.mixture?.deviations?.min() ?? 0
    return (c.sigma * c.sigma + c.alpha * c.alpha * least * least + c.noise * c.noise).squareRoot()
  }

  private func values(_ field: any ExactField, _ x: Batch, _ t: Double) -> Values {
    var (field, drift, score, target, source) = (field, x, x, x, x)
    field.evaluate(x, at: .shared(t), into: &drift)
    field.score(x, at: .shared(t), into: &score)
    field.expectedTarget(x, at: .shared(t), into: &target)
    field.expectedSource(x, at: .shared(t), into: &source)
    for k in target.values.indices { target.values[k] -= source.values[k] }
    return Values(drift: drift, velocity: target, score: score)
  }

  private func points(
    _ count: Int, _ path: ConditionalPath, at t: Double, using random: inout Random
  ) -> Batch {
    let x0 = StandardNormal(dimension: 2).sample(count: count, using: &random)
    let x1 = setting.dataset.distribution.sample(count: count, using: &random)
    var sample = PathSample(dimension: 2, count: count)
    path.path().sample(
      from: x0, to: x1, at: [Double](repeating: t, count: count), using: &random, into: &sample)
    return sample.x
  }
}
