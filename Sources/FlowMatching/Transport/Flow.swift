/// A flow from noise to data: a velocity field that knows how points are carried along it.
///
/// It declares what can be asked of it. A field that a solver follows is one by `SolvedFlow`.
public protocol Flow: DivergenceField {
  /// What can be asked of it.
  var traits: FlowTraits { get }

  /// What it says of the data's letters; nil where points move.
  var posterior: (any TokenPosterior)? { get }

  /// The velocity with the score that noise on the way needs, where there is one; of a velocity alone what
  /// it implies under the schedule.
  func scoreField(under scheduler: Scheduler) -> any ScoreField

  /// The transport of a state from a time in [0, 1] to a later or an earlier one; noise is added
  /// to points alone.
  func transport(
    _ state: Batch, as cargo: Cargo, from start: Double, to end: Double, _ plan: TransportPlan
  ) -> any Transport

  /// log p₁ in nats of `d×n` points that flow from a source; where it has to be solved for, by the method,
  /// with the exact divergence or a probe for each point.
  func logDensity(
    of points: Batch, from source: any DensityDistribution, _ method: LikelihoodMethod,
    probes: Batch?, progress: (Double) -> Void
  ) -> LikelihoodValues
}

extension Flow {
  public var traits: FlowTraits { FlowTraits() }
  public var posterior: (any TokenPosterior)? { nil }

  public func scoreField(under scheduler: Scheduler) -> any ScoreField {
    VelocityScore(self, scheduler: scheduler)
  }

  public func transport(
    _ state: Batch, as cargo: Cargo, from start: Double, to end: Double, _ plan: TransportPlan
  ) -> any Transport {
    solve(state, as: cargo, from: start, to: end, plan)
  }

  public func logDensity(
    of points: Batch, from source: any DensityDistribution, _ method: LikelihoodMethod,
    probes: Batch?, progress: (Double) -> Void
  ) -> LikelihoodValues {
    method(self, of: points, source: source, probes: probes, progress: progress)
  }

  /// The transport by a solver along the velocity, which every flow has.
  func solve(
    _ state: Batch, as cargo: Cargo, from start: Double, to end: Double, _ plan: TransportPlan
  ) -> any Transport {
    if let noise = plan.noise {
      precondition(cargo == .points, "a flow with noise carries points alone")
      return StochasticIntegrator(
        scoreField(under: noise.scheduler), noise.stepper, noise: noise.schedule,
        steps: noise.steps, from: state, start: start, end: end, random: noise.random,
        chunkSize: plan.chunkSize)
    }
    let field: any VelocityField =
      switch cargo {
      case .points: self
      case .density, .probedDensity: DensityFlow(self, hasProbes: cargo == .probedDensity)
      case .energy: EnergyField(self)
      }
    if let tolerance = plan.ownTolerance {
      return ParticleTransport(
        field, from: state, start: start, end: end, plan.solver, tolerance: tolerance,
        chunkSize: plan.chunkSize)
    }
    return FieldTransport(field, from: state, start: start, end: end, plan)
  }

  /// Where `d×n` points arrive that start at t = 0; nil where the transport broke off before t = 1.
  public func carried(_ points: Batch, _ plan: TransportPlan = TransportPlan()) -> Batch? {
    var transport = transport(points, as: .points, from: 0, to: 1, plan)
    transport.finish()
    return transport.status == .finished ? transport.state : nil
  }
}

/// A flow along a velocity field, by a solver.
public struct SolvedFlow: Flow, ForwardingField {
  public var field: any DivergenceField

  /// The flow along the field.
  public init(_ field: any DivergenceField) { self.field = field }

  /// An exact field's own.
  public func scoreField(under scheduler: Scheduler) -> any ScoreField {
    (field as? any ScoreField) ?? VelocityScore(self, scheduler: scheduler)
  }
}

/// A flow whose points are carried without a solver.
public protocol ClosedFormFlow: Flow {
  /// Evaluations of a network that carrying a point through all of the flow takes.
  var evaluations: Int { get }

  /// Carries `d×n` points from a time in [0, 1] to a later or an earlier one, adding log|det| of
  /// that map to `logDeterminant`.
  mutating func carry(
    _ x: inout Batch, from start: Double, to end: Double, logDeterminant: inout [Double])
}

extension ClosedFormFlow {
  public func transport(
    _ state: Batch, as cargo: Cargo, from start: Double, to end: Double, _ plan: TransportPlan
  ) -> any Transport {
    // An estimate by probes is one of a solve, and so is an energy.
    if cargo == .probedDensity || cargo == .energy {
      return solve(state, as: cargo, from: start, to: end, plan)
    }
    return LayerTransport(self, from: state, start: start, end: end, steps: plan.mapSteps)
  }

  /// log p_t(x) = log p₀(z) + log|det ∂z/∂x| in nats of `d×n` points, where p₀ is N(0, I).
  public mutating func logDensity(_ points: Batch, at t: Double) -> [Double] {
    var (z, logDeterminant) = (points, [Double](repeating: 0, count: points.count))
    carry(&z, from: t, to: 0, logDeterminant: &logDeterminant)
    return zip(StandardNormal(dimension: dimension).logDensity(z), logDeterminant).map { $0 + $1 }
  }
}
