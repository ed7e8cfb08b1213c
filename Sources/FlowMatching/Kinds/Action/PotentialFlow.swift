/// The flow along the gradient of a potential, with noise of its own where it was learned with noise.
public struct PotentialFlow: Flow, ForwardingField {
  public var field: any DivergenceField
  public let traits: FlowTraits
  /// The steps of its process where a plan says a tolerance.
  private static let steps = 100

  /// The flow along a potential's field, or along what follows from it.
  init(_ field: any DivergenceField, traits: FlowTraits) {
    self.field = field
    self.traits = traits
  }

  /// Points are carried forwards by dX = ∇s dt + g dW, whatever noise a plan has; what only a flow can do is
  /// done along the drift, and refused where somebody asks for it.
  public func transport(
    _ state: Batch, as cargo: Cargo, from start: Double, to end: Double, _ plan: TransportPlan
  ) -> any Transport {
    guard traits.ownNoise > 0, cargo == .points, end > start else {
      return solve(state, as: cargo, from: start, to: end, plan)
    }
    var steps = PotentialFlow.steps
    if case .fixed(let count) = plan.control { steps = count }
    return StochasticIntegrator(
      DriftAlone(field), plan.noise?.stepper ?? EulerMaruyama(),
      noise: .epsilon(0.5 * traits.ownNoise * traits.ownNoise), steps: plan.noise?.steps ?? steps,
      from: state, start: start, end: end, random: plan.noise?.random ?? plan.random,
      chunkSize: plan.chunkSize)
  }

  /// Of a process no density is known: NaN.
  public func logDensity(
    of points: Batch, from source: any DensityDistribution, _ method: LikelihoodMethod,
    probes: Batch?, progress: (Double) -> Void
  ) -> LikelihoodValues {
    traits.ownNoise > 0
      ? LikelihoodValues(
        values: [Double](repeating: .nan, count: points.count), errors: nil, evaluations: 0)
      : method(self, of: points, source: source, probes: probes, progress: progress)
  }
}

/// The velocity u of a flow with the p_t of dX = ∇s dt + g dW, where that is the p_t of an affine path from
/// N(0, I): ∇s = u + ½g²r, with the score r that u implies.
///
/// αu = α̇x + σDr with D = α̇σ − σ̇α (see `VelocityScore`) gives r = (α∇s − α̇x)/(σD + ½αg²), which is
/// finite at both ends.
struct EntropicField: DivergenceField {
  private var slopes: any DivergenceField
  private let noise: Double
  private let scheduler: Scheduler

  init(_ slopes: any DivergenceField, noise: Double, scheduler: Scheduler) {
    precondition(noise > 0, "without noise the slopes are the velocity")
    (self.slopes, self.noise, self.scheduler) = (slopes, noise, scheduler)
  }

  var dimension: Int { slopes.dimension }
  var regularity: Regularity { slopes.regularity }
  var inDouble: any DivergenceField {
    EntropicField(slopes.inDouble, noise: noise, scheduler: scheduler)
  }

  private func shares(at t: Double) -> (x: Double, slope: Double) {
    EntropicField.shares(of: noise, scheduler, at: t)
  }

  /// u = x·`x` + ∇s·`slope`.
  static func shares(
    of noise: Double, _ scheduler: Scheduler, at t: Double
  ) -> (x: Double, slope: Double) {
    let c = scheduler.coefficients(at: t)
    let half = 0.5 * noise * noise
    let rate = c.alphaRate * c.sigma - c.sigmaRate * c.alpha
    let share = half / (c.sigma * rate + half * c.alpha)
    return (share * c.alphaRate, 1 - share * c.alpha)
  }

  private func mix(_ x: Batch, at t: Times, _ velocity: inout Batch) {
    let n = x.count
    for j in 0..<n {
      let share = shares(at: t[j])
      for k in stride(from: j, to: x.values.count, by: n) {
        velocity.values[k] = share.x * x.values[k] + share.slope * velocity.values[k]
      }
    }
  }

  mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    slopes.evaluate(x, at: t, into: &velocity)
    mix(x, at: t, &velocity)
  }

  mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    slopes.evaluate(x, at: t, into: &velocity, divergence: &divergence)
    mix(x, at: t, &velocity)
    for j in divergence.indices {
      let share = shares(at: t[j])
      divergence[j] = Double(x.dimension) * share.x + share.slope * divergence[j]
    }
  }

  mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    slopes.evaluate(x, at: t, probes: probes, into: &velocity, divergence: &divergence)
    mix(x, at: t, &velocity)
    let n = x.count
    for j in 0..<n {
      let share = shares(at: t[j])
      var square = 0.0
      for k in stride(from: j, to: probes.values.count, by: n) {
        square += probes.values[k] * probes.values[k]
      }
      divergence[j] = share.x * square + share.slope * divergence[j]
    }
  }
}

/// A drift to which noise adds nothing of its own: its score is said to be 0.
struct DriftAlone: ScoreField {
  private var drift: any DivergenceField

  init(_ drift: any DivergenceField) { self.drift = drift }

  var dimension: Int { drift.dimension }
  var regularity: Regularity { drift.regularity }

  mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    drift.evaluate(x, at: t, into: &velocity)
  }

  mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, score: inout Batch
  ) {
    drift.evaluate(x, at: t, into: &velocity)
    for k in score.values.indices { score.values[k] = 0 }
  }
}
