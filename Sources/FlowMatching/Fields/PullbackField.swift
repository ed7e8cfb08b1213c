/// A velocity field with weights, through whose value and divergence a gradient goes back.
public protocol PullbackField: DivergenceField {
  /// What a weight's gradient is summed in.
  associatedtype Weight: BinaryFloatingPoint & Sendable

  /// Given ∂L/∂v (`velocity`, `d×n`) and ∂L by the divergence of every point (`n`; nil where L does not
  /// depend on it), adds ∂L/∂weights to `gradient` and writes ∂L/∂x to `points`, `d×n`.
  ///
  /// The divergence is ∇·u, or with probes ε (`d×n`) εᵀ(∂u/∂x)ε. The values are computed anew, so that
  /// nothing has to be kept from the evaluation.
  mutating func pullBack(
    _ x: Batch, at t: Double, probes: Batch?, velocity: Batch, divergence: [Double]?,
    to points: inout Batch, gradient: inout [Weight])
}

extension MLP: PullbackField {
  public mutating func pullBack(
    _ x: Batch, at t: Double, probes: Batch?, velocity: Batch, divergence: [Double]?,
    to points: inout Batch, gradient: inout [Float]
  ) {
    precondition(x.dimension == dimension, "the field has \(dimension) dimensions")
    precondition(
      velocity.hasShape(of: x) && points.hasShape(of: x), "cotangents have the points' shape")
    network.pullBack(
      weights: weights.values, points: x.values, time: t, probes: probes?.values,
      velocityCotangents: velocity.values, divergenceCotangents: divergence, gradient: &gradient,
      pointCotangents: &points.values)
  }

  /// Takes over other weights of the same shape, into the memory of its own.
  mutating func copyWeights(from values: [Float]) {
    precondition(values.count == weights.values.count, "the weights of another shape")
    for k in 0..<values.count { weights.values[k] = values[k] }
  }
}
