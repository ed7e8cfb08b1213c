/// A flow guided away from another, carried piece by piece: before, while and after guidance counts.
///
/// Its field jumps at the ends of the interval. Each piece is a solve of its own, so that no step goes
/// over a jump and no method evaluates on the wrong side of one; evaluations count both fields.
public struct GuidedFlow: Flow, ForwardingField {
  /// What is guided, and what it is guided away from.
  private let base, guide: any Flow
  private let guidance: Guidance
  public var field: any DivergenceField
  public let traits: FlowTraits

  /// The flow `base`, guided away from `guide`.
  public init(_ base: any Flow, awayFrom guide: any Flow, _ guidance: Guidance) {
    self.base = base
    self.guide = guide
    traits = base.traits
    self.guidance = guidance
    field = GuidedField(base, awayFrom: guide, guidance)
  }

  public func transport(
    _ state: Batch, as cargo: Cargo, from start: Double, to end: Double, _ plan: TransportPlan
  ) -> any Transport {
    var inside = guidance
    (inside.start, inside.end) = (0, 1)
    // Of weight 0 the guide alone is left.
    let isGuide = guidance.weight == 0
    let whole = SolvedFlow(isGuide ? guide : GuidedField(base, awayFrom: guide, inside))
    let cuts = guidance.switches.filter { $0 > min(start, end) && $0 < max(start, end) }
    var pieces: [PiecewiseTransport.Piece] = []
    var from = start
    for to in (start < end ? cuts : cuts.reversed()) + [end] {
      let counts = guidance.needsGuide && guidance.counts(at: 0.5 * (from + to))
      pieces.append(
        PiecewiseTransport.Piece(
          flow: counts ? whole : SolvedFlow(base), end: to, price: counts && !isGuide ? 2 : 1))
      from = to
    }
    return PiecewiseTransport(pieces, state, as: cargo, from: start, plan)
  }
}
