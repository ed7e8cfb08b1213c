/// What points do between the ends where they jump instead of flowing.
public enum PlanarJumps: Sendable {
  /// The least jumps between cells that keep to the p_t of the flow.
  case along(PlanarGrid)
  /// From the source to the target at once: the p_t of the mixture of both, and not the flow's.
  case teleport(TeleportMixture)
}

/// A flow of the plane whose points are carried by jumps; its velocity is that of the flow of the same ends.
public struct JumpFlow: Flow, ForwardingField {
  public var field: any DivergenceField
  private let exact: any ExactField
  private let jumps: PlanarJumps

  /// Jumps beside an exact field.
  public init(_ exact: any ExactField, _ jumps: PlanarJumps) {
    precondition(exact.dimension == 2, "jumps on a grid of the plane")
    self.exact = exact
    self.jumps = jumps
    field = exact
  }

  public var traits: FlowTraits {
    var traits = FlowTraits()
    traits.leaps = true
    return traits
  }

  /// Points forwards, in as many steps as the plan's control has, all equal; densities and points that go back
  /// follow the velocity.
  public func transport(
    _ state: Batch, as cargo: Cargo, from start: Double, to end: Double, _ plan: TransportPlan
  ) -> any Transport {
    guard cargo == .points, start < end, let steps = plan.control.steps else {
      return solve(state, as: cargo, from: start, to: end, plan)
    }
    switch jumps {
    case .along(let grid):
      return JumpProcess(
        FieldDensity(exact), on: grid, steps: steps, from: state, start: start, end: end,
        random: plan.random)
    case .teleport(let mixture):
      return TeleportProcess(
        mixture, steps: steps, from: state, start: start, end: end, random: plan.random)
    }
  }
}
