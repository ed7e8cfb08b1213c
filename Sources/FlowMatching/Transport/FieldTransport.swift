/// The transport along a velocity field: an ordinary differential equation and its solver.
public struct FieldTransport: Transport {
  private var field: any VelocityField
  private var integrator: Integrator

  /// A solve that has not begun, of states at time `start`.
  public init(
    _ field: any VelocityField, from state: Batch, start: Double, end: Double, _ plan: TransportPlan
  ) {
    self.field = field
    integrator = Integrator(
      plan.solver, control: plan.control, from: state, start: start, end: end,
      chunkSize: plan.chunkSize)
  }

  public var t: Double { integrator.knot.t }
  public var state: Batch { integrator.knot.x }
  public var velocity: Batch? { integrator.isKnotReady ? integrator.knot.velocity : nil }
  public var knot: Knot? { integrator.isKnotReady ? integrator.knot : nil }
  public var status: Integrator.Status { integrator.status }
  public var steps: Int { integrator.stepsAccepted }
  public var attempts: [StepAttempt] { integrator.attempts }
  public var evaluations: Int { integrator.evaluations }
  public var lostCount: Int { integrator.lostCount }

  public var progress: Double {
    integrator.start == integrator.end
      ? 1 : (t - integrator.start) / (integrator.end - integrator.start)
  }

  public var totalEvaluations: Int {
    guard status == .running, let steps = integrator.plannedSteps else {
      return evaluations
    }
    return steps * integrator.tableau.evaluationsPerStep
  }

  /// The tolerance that the steps could keep to, see `Integrator.toleranceReached`.
  public var toleranceReached: Double? { integrator.toleranceReached }

  public mutating func advance(budget: Int) -> Int { integrator.advance(&field, budget: budget) }
}

extension StochasticIntegrator: Transport {
  public var state: Batch { x }
  /// The ways of an SDE have no velocity.
  public var velocity: Batch? { nil }
  public var knot: Knot? { Knot(t: t, x: x) }
  public var progress: Double { Double(steps) / Double(stepCount) }

  public var totalEvaluations: Int {
    status == .running ? stepCount * evaluationsPerStep : evaluations
  }
}
