/// A velocity with its score added, straight or turned: u + cσs, or u + cσR₉₀s with R₉₀(a, b) = (−b, a).
///
/// Turned by 90° the score flows along the level lines of p_t: ∇·(p R₉₀ s) = ∇·(R₉₀ ∇p) = 0, so that
/// the continuity equation gives every p_t as before, though each particle goes elsewhere. Straight it
/// does not: the density contracts. The factor σ keeps both finite, as σs = −E[X₀|x].
///
/// The score is the one that the velocity implies, see `VelocityScore`: affine paths from N(0, I) with
/// independent pairs alone. It is taken at the nearest time in [0.001, 0.999].
public struct AddedScoreField: DivergenceField {
  /// The velocity u.
  public private(set) var base: any DivergenceField
  /// The schedule of its path.
  public let scheduler: Scheduler
  /// The factor c.
  public let amount: Double
  /// Whether the score is turned, which needs two dimensions.
  public let isTurned: Bool

  /// The field u + cσs of `base`, with R₉₀ before s where it `isTurned`.
  public init(
    _ base: any DivergenceField, scheduler: Scheduler, amount: Double, isTurned: Bool
  ) {
    precondition(!isTurned || base.dimension == 2, "a turn by 90° needs the plane")
    self.base = base
    self.scheduler = scheduler
    self.amount = amount
    self.isTurned = isTurned
  }

  public var dimension: Int { base.dimension }
  public var regularity: Regularity { base.regularity }
  public var inDouble: any DivergenceField {
    AddedScoreField(base.inDouble, scheduler: scheduler, amount: amount, isTurned: isTurned)
  }

  /// cσs as a combination of x and u.
  private func coefficients(at t: Double) -> Prediction.Combination {
    let path = scheduler.coefficients(at: min(max(t, 0.001), 0.999))
    let score = Prediction.score.predictionCoefficients(path)
    return Prediction.Combination(
      x: amount * path.sigma * score.x, other: amount * path.sigma * score.other)
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    base.evaluate(x, at: t, into: &velocity)
    let n = x.count
    var c = coefficients(at: n > 0 ? t[0] : 0)
    for j in 0..<n {
      if case .each(let times) = t { c = coefficients(at: times[j]) }
      guard isTurned else {
        for k in stride(from: j, to: velocity.values.count, by: n) {
          velocity.values[k] += c.x * x.values[k] + c.other * velocity.values[k]
        }
        continue
      }
      let (u, v) = (velocity.values[j], velocity.values[n + j])
      velocity.values[j] -= c.x * x.values[n + j] + c.other * v
      velocity.values[n + j] += c.x * x.values[j] + c.other * u
    }
  }

  /// ∇·(u + cσs) = ∇·u + c_x d + c_u ∇·u; turned ∇·u + c_u(∂₂u₁ − ∂₁u₂).
  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    var scratch = velocity
    base.evaluate(x, at: t, into: &scratch, divergence: &divergence)
    evaluate(x, at: t, into: &velocity)
    guard isTurned else {
      for j in 0..<x.count {
        let c = coefficients(at: t[j])
        divergence[j] += Double(dimension) * c.x + c.other * divergence[j]
      }
      return
    }
    let (first, second) = (slope(x, at: t, along: [1, 0]), slope(x, at: t, along: [0, 1]))
    for j in 0..<x.count {
      divergence[j] += coefficients(at: t[j]).other * (second[0, j] - first[1, j])
    }
  }

  /// εᵀ(∂/∂x)(u + cσs)ε, and turned with R₉₀ before the second term.
  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    var scratch = velocity
    base.evaluate(x, at: t, probes: probes, into: &scratch, divergence: &divergence)
    evaluate(x, at: t, into: &velocity)
    let turned = isTurned ? slope(x, at: t, along: probes) : nil
    for j in 0..<x.count {
      let c = coefficients(at: t[j])
      if let turned {
        divergence[j] += c.other * (probes[1, j] * turned[0, j] - probes[0, j] * turned[1, j])
      } else {
        var square = 0.0
        for i in 0..<dimension { square += probes[i, j] * probes[i, j] }
        divergence[j] += c.x * square + c.other * divergence[j]
      }
    }
  }

  private mutating func slope(_ x: Batch, at t: Times, along direction: [Double]) -> Batch {
    var probes = x
    for i in 0..<dimension {
      for j in 0..<x.count { probes[i, j] = direction[i] }
    }
    return slope(x, at: t, along: probes)
  }

  /// (∂u/∂x)ε by a central difference: the antisymmetric part of the Jacobian is asked of no field.
  private mutating func slope(_ x: Batch, at t: Times, along probes: Batch) -> Batch {
    let h = 1e-3
    var (ahead, behind) = (x, x)
    for k in x.values.indices {
      ahead.values[k] += h * probes.values[k]
      behind.values[k] -= h * probes.values[k]
    }
    var (there, back) = (x, x)
    base.evaluate(ahead, at: t, into: &there)
    base.evaluate(behind, at: t, into: &back)
    for k in there.values.indices {
      there.values[k] = (there.values[k] - back.values[k]) / (2 * h)
    }
    return there
  }
}
