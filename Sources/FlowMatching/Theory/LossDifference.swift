extension TheoryCheck {
  /// The losses differ by a constant: for two networks the same, in standard errors of their
  /// difference over 20 000 draws.
  static let lossDifference = TheoryCheck(
    7, "L_CFM − L_FM does not depend on θ", "E|v_θ − u|² − E|v_θ − ū|² = const",
    needsSpread: true, coefficients: [1, -1]
  ) { setting, c in
    var random = setting.random.stream("loss difference")
    let networks = (0..<2).map { _ in
      ProbeNetwork(dimension: setting.dimension, using: &random)
    }
    let draws = PathDraws(
      from: StandardNormal(dimension: setting.dimension), to: setting.dataset.distribution,
      along: AffinePath(scheduler: setting.scheduler), count: setting.drawCount, random: random)
    // Near t = 1 some conditional velocities have no variance to speak of in numbers.
    let kept = draws.times.indices.filter { draws.times[$0] > 0.02 && draws.times[$0] < 0.98 }
    var (exact, velocity) = (setting.exact, draws.sample.x)
    exact.evaluate(draws.sample.x, at: .each(draws.times), into: &velocity)
    return kept.map { j in
      let x = draws.sample.x.point(j)
      let losses = networks.map { network in
        let v = network.value(x, draws.times[j])
        return c[0] * square(v, draws.sample.velocity.point(j))
          + c[1] * square(v, velocity.point(j))
      }
      return losses[0] - losses[1]
    }
  }
}

/// |a − b|².
func square(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
}
