/// The kinetic energies of a path and of a field on it, by Monte Carlo; sums over the dimensions.
///
/// E|u_t(X_t|X₀, X₁)|² = E|u_t(X_t)|² + E Var(u_t|X_t) for the marginal field u: the gap of Jensen's
/// inequality is d times the irreducible loss. `LossFloor.energies` has the exact values for mixtures.
public struct KineticEnergy: Sendable, Hashable {
  /// ∫E|u_t(X_t|X₀, X₁)|²dt, of the path itself.
  public let conditional: Estimate
  /// ∫E|v_t(X_t)|²dt, of the field on the path's points; the marginal one where v is exact.
  public let marginal: Estimate
  /// Their difference, from the same draws: for the exact field d times the loss floor.
  public let gap: Estimate

  /// Both energies from `count` draws of independent pairs, t evenly spread over [0, 1].
  public init(
    of field: inout some VelocityField, from source: any Distribution,
    to target: any Distribution, along path: any ProbabilityPath, count: Int = 10_000,
    random: Random
  ) {
    let draws = PathDraws(
      from: source, to: target, along: path, count: count,
      random: random.stream("kinetic energy"))
    var velocity = draws.sample.x
    field.evaluate(draws.sample.x, at: .each(draws.times), into: &velocity)
    let (own, fields) = (squares(draws.sample.velocity), squares(velocity))
    conditional = Estimate(alongTime: own)
    marginal = Estimate(alongTime: fields)
    gap = Estimate(alongTime: zip(own, fields).map { $0 - $1 })
  }
}

/// |v|² of every point.
private func squares(_ velocity: Batch) -> [Double] {
  var squares = [Double](repeating: 0, count: velocity.count)
  for i in 0..<velocity.dimension {
    for j in 0..<velocity.count {
      let v = velocity.values[i * velocity.count + j]
      squares[j] += v * v
    }
  }
  return squares
}
