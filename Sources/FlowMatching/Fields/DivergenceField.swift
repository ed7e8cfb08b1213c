/// A velocity field that also knows its divergence, which the likelihood needs.
public protocol DivergenceField: VelocityField {
  /// The same field with every sum in Double, slower and without a network's rounding; the field
  /// itself where there is nothing to gain.
  var inDouble: any DivergenceField { get }

  /// Writes u_t(x) and ∇·u_t(x) = tr(∂u/∂x) for every point of the `d×n` batch; `divergence` has
  /// `n` elements.
  mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double])

  /// Writes u_t(x) and εᵀ(∂u/∂x)ε for every point, with its own probe ε; all batches are `d×n`.
  ///
  /// For probes of mean 0 and covariance I this is an unbiased estimate of the divergence
  /// (Hutchinson, 1990; Grathwohl et al., 2019, eq. 7).
  mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double])
}

extension DivergenceField {
  public var inDouble: any DivergenceField { self }
}

extension MLP: DivergenceField {
  public var inDouble: any DivergenceField {
    PreciseMLP(weights, instructionSet: network.instructionSet)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, probes: nil, into: &velocity, divergence: &divergence)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    precondition(probes.hasShape(of: x), "a probe for each point")
    evaluate(x, at: t, probes: probes.values, into: &velocity, divergence: &divergence)
  }
}
