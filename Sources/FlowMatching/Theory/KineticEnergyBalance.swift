extension TheoryCheck {
  /// The energies differ by d times the loss floor, in standard errors of 20 000 draws.
  static let energyBalance = TheoryCheck(
    9, "conditional = marginal energy + d·floor", "E|u|² = E|ū|² + E|u − ū|²",
    needsSpread: true, coefficients: [1, -1, -1]
  ) { setting, c in
    let draws = PathDraws(
      from: StandardNormal(dimension: setting.dimension), to: setting.dataset.distribution,
      along: AffinePath(scheduler: setting.scheduler), count: setting.drawCount,
      random: setting.random.stream("energy balance"))
    var (exact, velocity) = (setting.exact, draws.sample.x)
    exact.evaluate(draws.sample.x, at: .each(draws.times), into: &velocity)
    let rest = [Double](repeating: 0, count: setting.dimension)
    return draws.times.indices.compactMap { j -> Double? in
      // σ̇ is unbounded at t = 1 for some schedulers, and the variance then infinite.
      guard draws.times[j] > 0.02 && draws.times[j] < 0.98 else { return nil }
      let (u, mean) = (draws.sample.velocity.point(j), velocity.point(j))
      return c[0] * square(u, rest) + c[1] * square(mean, rest) + c[2] * square(u, mean)
    }
  }

  /// W₂² ≤ marginal energy ≤ conditional energy, for N(0, 1) → N(m, s²) under the scheduler with m and
  /// s by the seed; the larger difference, negative where both hold.
  static let energyOrder = TheoryCheck(
    9, "W₂² ≤ marginal ≤ conditional energy", "W₂² ≤ ∫E|ū|²dt ≤ ∫E|u|²dt", bound: 1e-6,
    coefficients: [1, 1]
  ) { setting, c in
    let (m, s) = setting.gaussian("energy order")
    let energies = LossFloor.energies(
      target: GaussianMixture(weights: [1], means: [[m]], standardDeviation: s),
      scheduler: setting.scheduler)
    let distance = m * m + (1 - s) * (1 - s)
    // Where the path starts from N(0, 1) only nearly, the bound is that of its own start.
    let start = setting.scheduler.coefficients(at: 0)
    let own = start.alpha * start.alpha * (m * m + s * s)
    return worse(
      distance * (1 - 2 * own.squareRoot()) - c[0] * energies.marginal,
      energies.marginal - c[1] * energies.conditional)
  }

  /// Under conditional OT the gap is πs/2 for every dimension, whatever m.
  static let gaussianGap = TheoryCheck(
    9, "gap of N(0, 1) → N(m, s²)", "∫E|u|²dt − ∫E|ū|²dt = πs/2", bound: 1e-6,
    coefficients: [0.5]
  ) { setting, c in
    let (m, s) = setting.gaussian("gaussian gap")
    let energies = LossFloor.energies(
      target: GaussianMixture(weights: [1], means: [[m]], standardDeviation: s))
    return abs(energies.conditional - energies.marginal - c[0] * .pi * s)
  }
}

extension TheorySetting {
  /// A mean in [½, 1½] and a standard deviation in [.3, 1] of the seed's choice.
  func gaussian(_ stream: String) -> (mean: Double, deviation: Double) {
    var random = random.stream(stream)
    return (0.5 + random.uniform(), 0.3 + 0.7 * random.uniform())
  }

  /// Draws for a Monte-Carlo check: fewer where each costs a thousand exponentials.
  var drawCount: Int { dataset.mixture == nil ? 2000 : 20_000 }
}
