/// Rectification: noise is paired with where a trained flow carries it, and a new field learns these
/// pairs, whose paths cross less (Liu et al., 2023, §2.2).
public enum Reflow {
  /// The pairs that a training draws from, unless told otherwise.
  public static let count = 1 << 16

  /// The pairs (x₀, ψ₁(x₀)) of `count` draws of the source, without those that were lost on the way;
  /// nil where the solve failed or lost all.
  public static func pairs(
    of field: some VelocityField, from source: any Distribution, count: Int = Reflow.count,
    solver: ButcherTableau = .rk4, control: StepControl = .fixed(steps: 25), random: Random
  ) -> PairTable? {
    var random = random.stream("reflow")
    let start = source.sample(count: count, using: &random)
    var field: any VelocityField = field
    var integrator = Integrator(solver, control: control, from: start)
    integrator.finish(&field)
    guard case .finished = integrator.status else { return nil }
    let end = integrator.knot.x
    let kept = (0..<count).filter { j in end.point(j).allSatisfy(\.isFinite) }
    guard !kept.isEmpty else { return nil }
    if kept.count == count { return PairTable(x0: start, x1: end) }
    return PairTable(
      x0: Batch(points: kept.map(start.point)), x1: Batch(points: kept.map(end.point)))
  }
}
