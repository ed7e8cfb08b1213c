/// A flow of sequences that jump, by what is known or was learned of the data's letters.
///
/// A state is an `L×n` batch of letters' numbers. Nothing moves between two jumps: the velocity is 0, and
/// a density is not carried.
public struct TokenFlow: Flow {
  public let traits: FlowTraits
  private let path: TokenPath
  private let letters: any TokenPosterior

  /// The flow of a posterior along a path.
  public init(_ posterior: any TokenPosterior, along path: TokenPath) {
    letters = posterior
    self.path = path
    var traits = FlowTraits()
    traits.followsPath = false
    traits.tokens = FlowTraits.Tokens(space: posterior.space, path: path)
    self.traits = traits
  }

  public var dimension: Int { letters.space.length }
  public var posterior: (any TokenPosterior)? { letters }
  public var regularity: Regularity { Regularity(isRounded: false, isSmooth: false) }
  public var inDouble: any DivergenceField { self }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    for k in velocity.values.indices { velocity.values[k] = 0 }
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity)
    for j in divergence.indices { divergence[j] = 0 }
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity, divergence: &divergence)
  }

  /// Forwards, in as many equal steps as the plan's control has.
  public func transport(
    _ state: Batch, as cargo: Cargo, from start: Double, to end: Double, _ plan: TransportPlan
  ) -> any Transport {
    precondition(cargo == .points, "letters carry no density")
    precondition(start < end, "letters jump forwards in time")
    guard case .fixed(let steps) = plan.control else {
      preconditionFailure("letters jump in equal steps")
    }
    return TokenTransport(
      TokenSampler(
        letters, along: path, TokenPlan(plan.letters, from: start, to: end, steps: steps),
        from: TokenSequences(space: letters.space, points: state), random: plan.random,
        chunkSize: plan.chunkSize))
  }
}

/// A way of sequences as a transport of points.
public struct TokenTransport: Transport {
  private var sampler: TokenSampler

  /// The way of a sampler.
  public init(_ sampler: TokenSampler) { self.sampler = sampler }

  /// The sequences of the last complete state.
  public var sequences: TokenSequences { sampler.state }

  /// The end is reached only when the letters that are drawn anew there are.
  public var t: Double { sampler.isRedrawing ? sampler.plan.times.dropLast().last ?? 0 : sampler.t }
  public var state: Batch { sampler.state.points }
  /// Letters have no velocity.
  public var velocity: Batch? { nil }
  public var knot: Knot? { sampler.isRedrawing ? nil : Knot(t: t, x: state) }
  public var status: Integrator.Status { sampler.status }
  public var progress: Double { sampler.progress }
  public var steps: Int { sampler.steps }
  public var evaluations: Int { sampler.evaluations }
  public var totalEvaluations: Int { sampler.plan.evaluations }
  public var lostCount: Int { 0 }

  public mutating func advance(budget: Int) -> Int { sampler.advance(budget: budget) }
}
