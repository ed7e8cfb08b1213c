import FlowMatching

/// log p_t of given points under a network's flow, by a solve from t back to the noise, in slices.
///
/// log p_t(x) = log p₀(ψ_t⁻¹(x)) − ∫₀ᵗ ∇·v ds, with the exact divergence or, with probes, Hutchinson's
/// estimate of it. Layers are undone in closed form instead, ∫∇·v ds = Σ s.
struct BackwardDensity: Sendable {
  private let joint: DensityFlow
  private let source: any Distribution
  private var transport: (any Transport)?
  private var state: Batch
  /// Evaluations at a point that one with the density costs.
  private let cost: Int
  /// The same where the density is solved for.
  static let costOfDivergence = 3

  /// A solve that has not begun, to a `tolerance` of x and log p by steps of every point's own; at t = 0 nothing
  /// is left to do.
  ///
  /// Equal steps for all would be far off in a few points where a density ends steeply, and an integral over
  /// all is theirs alone. A flow of layers that has to be solved takes some steps of RK4 in each.
  init(
    _ flow: any Flow, source: any Distribution, points: Batch, from t: Double, tolerance: Double,
    chunkSize: Int = 32, probes: Batch? = nil
  ) {
    self.source = source
    joint = DensityFlow(flow, hasProbes: probes != nil)
    state = DensityFlow.state(
      points, logDensity: [Double](repeating: 0, count: points.count), probes: probes)
    let isExact = flow.traits.hasExactDensity && probes == nil
    cost = isExact ? 1 : BackwardDensity.costOfDivergence
    guard t > 1e-9, points.count > 0 else { return }
    let layers = flow.traits.layers.map {
      // Their field starts and ends at rest.
      max(1, Int(saturating: (Double(BackwardDensity.stepsPerLayer * $0) * t).rounded()))
    }
    var plan = TransportPlan(
      layers == nil ? .dormandPrince : .rk4,
      control: layers.map { .fixed(steps: $0) }
        ?? .adaptive(relative: tolerance, absolute: tolerance), chunkSize: chunkSize)
    plan.ownTolerance = layers == nil ? tolerance : nil
    transport = flow.transport(
      state, as: probes == nil ? .density : .probedDensity, from: t, to: 0, plan)
  }

  /// Of a picture that is refined, of the last one, and of figures with three decimals.
  static let (coarse, fine, exact) = (1e-2, 1e-3, 1e-4)

  /// Steps of RK4 in each layer of a flow of layers.
  static let stepsPerLayer = 4

  var isOver: Bool { transport == nil }

  /// How far it has got, 0…1.
  var progress: Double { transport?.progress ?? 1 }

  /// Works until it is over or the budget is used up.
  mutating func advance(budget: inout Int) {
    while budget > 0, var running = transport.take() {
      budget -= cost * running.advance(budget: budget)
      if running.status == .running { transport = running } else { state = running.state }
    }
  }

  /// log p_t in nats of every point, once it is over; NaN for those that were lost, and for all where
  /// the source has no known density.
  var values: [Double] {
    let atSource = source.knownLogDensity(joint.points(state))
    return zip(atSource, joint.logDensity(state)).map { $0 - $1 }
  }
}

extension Distribution {
  /// log p in nats of every point; NaN where the density is not known.
  func knownLogDensity(_ points: Batch) -> [Double] {
    (self as? any DensityDistribution)?.logDensity(points)
      ?? [Double](repeating: .nan, count: points.count)
  }
}
