/// The gradient of a flow's likelihood by the continuous adjoint, solved in equal steps.
///
/// With a(t) = ∂L/∂x(t) and w = 1/n: ẋ = u, ȧ = −(∂u/∂x)ᵀa + w∇(∇·u), dL/dθ = ∫(−aᵀ∂u/∂θ +
/// w ∂(∇·u)/∂θ) dt, from x₀ and a = x₀/n at t = 0 to t = 1 (Chen et al., 2018, algorithm 1). Needs
/// memory for one step however many there are; but x is solved anew, and a is not the derivative of
/// what the solver computes: the gradient is off by the solver's own error, O(hᵖ).
public struct ContinuousAdjoint: Sendable {
  /// The explicit method.
  public let tableau: ButcherTableau
  /// The number of its steps from t = 0 to t = 1.
  public let steps: Int

  /// A solve of that many steps.
  public init(_ tableau: ButcherTableau, steps: Int) {
    precondition(steps > 0, "a solve needs a step")
    self.tableau = tableau
    self.steps = steps
  }

  /// Adds the gradient of the mean of −log p₁ over the data whose noise x₀ is given, `d×n`.
  public func addGradient<Field: PullbackField>(
    _ field: inout Field, noise: Batch, probes: Batch? = nil, to gradient: inout [Field.Weight]
  ) {
    let h = 1 / Double(steps)
    let mean = 1 / Double(noise.count)
    let weights = [Double](repeating: mean, count: noise.count)
    var (x, a) = (noise, noise)
    for k in a.values.indices { a.values[k] *= mean }
    let empty = Batch(dimension: noise.dimension, count: noise.count)
    var xSlopes = [Batch](repeating: empty, count: tableau.stages)
    var aSlopes = xSlopes
    let zero = [Field.Weight](repeating: 0, count: gradient.count)
    for step in 0..<steps {
      for i in 0..<tableau.stages {
        let t = h * (Double(step) + tableau.c[i])
        let point = x.moved(along: xSlopes, h, tableau.a[i])
        var negative = a.moved(along: aSlopes, h, tableau.a[i])
        for k in negative.values.indices { negative.values[k] *= -1 }
        field.evaluate(point, at: .shared(t), into: &xSlopes[i])
        var part = zero
        field.pullBack(
          point, at: t, probes: probes, velocity: negative, divergence: weights,
          to: &aSlopes[i], gradient: &part)
        let factor = Field.Weight(h * tableau.b[i])
        for k in gradient.indices { gradient[k] += factor * part[k] }
      }
      x = x.moved(along: xSlopes, h, tableau.b)
      a = a.moved(along: aSlopes, h, tableau.b)
    }
  }
}

extension Batch {
  /// x + h Σ w_i k_i.
  fileprivate func moved(along slopes: [Batch], _ h: Double, _ weights: [Double]) -> Batch {
    var result = self
    for (slope, weight) in zip(slopes, weights) where weight != 0 {
      for k in result.values.indices { result.values[k] += h * weight * slope.values[k] }
    }
    return result
  }
}
