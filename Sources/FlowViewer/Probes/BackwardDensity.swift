import FlowMatching

/// log p_t of given points under a network's flow, by a solve from t back to the noise, in slices.
///
/// log p_t(x) = log p₀(ψ_t⁻¹(x)) − ∫₀ᵗ ∇·v ds, with the exact divergence or, with probes, Hutchinson's
/// estimate of it. A flow of couplings is undone in closed form instead, ∫∇·v ds = Σ s.
struct BackwardDensity: Sendable {
  private let flow: DensityFlow
  private let source: any Distribution
  private var field: any VelocityField
  private var integrator: Integrator?
  private var layers: LayerSolve?
  private var state: Batch
  /// Evaluations of a point that one evaluation with its divergence costs.
  static let costOfDivergence = 3

  /// A solve of `steps` steps of RK4 that has not begun, by adaptive ones of a field with kinks in time;
  /// at t = 0 nothing is left to do.
  init(
    network: any DivergenceField, source: any Distribution, points: Batch, from t: Double,
    steps: Int, probes: Batch? = nil
  ) {
    self.source = source
    flow = DensityFlow(network, hasProbes: probes != nil)
    field = flow
    state = DensityFlow.state(
      points, logDensity: [Double](repeating: 0, count: points.count), probes: probes)
    guard t > 1e-9, points.count > 0 else { return }
    let closed = network.layers
    if let closed, probes == nil {
      layers = LayerSolve(closed, from: state, start: t, end: 0, steps: 1)
      return
    }
    // A layer's field starts and ends at rest: it wants some steps of its own.
    let least = Int(
      saturating: (Double(BackwardDensity.stepsPerLayer * (closed?.evaluations ?? 0)) * t).rounded()
    )
    // A converted prediction is steep where it stands still: equal steps would be far too long there.
    let isSteep = !network.regularity.kinks.isEmpty
    let tolerance = steps > DensityProbe.coarseSteps ? 1e-4 : 1e-3
    integrator = Integrator(
      isSteep ? .dormandPrince : .rk4,
      control: isSteep
        ? .adaptive(relative: tolerance, absolute: tolerance)
        : .fixed(steps: max(1, steps, least)), from: state, start: t, end: 0,
      chunkSize: Solve.chunkSizeWithDensity(for: network))
  }

  /// Steps of RK4 in each layer of a flow of couplings.
  static let stepsPerLayer = 4

  var isOver: Bool { integrator == nil && layers == nil }

  /// How far it has got, 0…1.
  var progress: Double {
    if let layers { return layers.progress }
    guard let integrator, integrator.start > 0 else { return 1 }
    return 1 - integrator.knot.t / integrator.start
  }

  /// Works until it is over or the budget is used up.
  mutating func advance(budget: inout Int) {
    while layers != nil, budget > 0 {
      budget -= layers!.advance()
      if layers!.isOver {
        state = layers!.knot.x
        layers = nil
      }
    }
    while var running = integrator, budget > 0 {
      integrator = nil
      budget -= BackwardDensity.costOfDivergence * running.advance(&field, budget: budget)
      state = running.knot.x
      if running.status == .running { integrator = running }
    }
  }

  /// log p_t in nats of every point, once it is over; NaN for those that were lost, and for all where
  /// the source has no known density.
  var values: [Double] {
    let atSource = source.knownLogDensity(flow.points(state))
    return zip(atSource, flow.logDensity(state)).map { $0 - $1 }
  }
}

extension Distribution {
  /// log p in nats of every point; NaN where the density is not known.
  func knownLogDensity(_ points: Batch) -> [Double] {
    (self as? any DensityDistribution)?.logDensity(points)
      ?? [Double](repeating: .nan, count: points.count)
  }
}
