/// A field drawn away from another, u_w = g + w(u − g) at the times when guidance counts, u at all others.
///
/// With u that of a class and g that of all data it is classifier-free guidance (Ho and Salimans, 2022);
/// with g a poorer network of the same class autoguidance (Karras et al., 2024). It is no marginal field:
/// w s_c + (1 − w)s_∅ is the score of the tilt p_c^w p_∅^(1−w) of each t, but no flow leads from one of
/// those to the next, so that the ODE, an SDE and the tilt of the data all differ.
public struct GuidedField: DivergenceField {
  /// What is guided, u.
  public private(set) var base: any DivergenceField
  /// What it is guided away from, g.
  public private(set) var guide: any DivergenceField
  /// The weight, and when it counts.
  public let guidance: Guidance
  private var other: Batch
  private var otherDivergence: [Double] = []

  /// The field `base`, guided away from `guide`, which has the same dimension.
  public init(
    _ base: any DivergenceField, awayFrom guide: any DivergenceField, _ guidance: Guidance
  ) {
    precondition(base.dimension == guide.dimension, "a guide has the dimension of what it guides")
    self.base = base
    self.guide = guide
    self.guidance = guidance
    other = Batch(dimension: base.dimension, count: 0)
  }

  public var dimension: Int { base.dimension }

  /// No rougher than both; and it jumps where guidance begins and ends.
  public var regularity: Regularity {
    let (own, others) = (base.regularity, guide.regularity)
    return Regularity(
      kinks: own.kinks + others.kinks + guidance.switches,
      isRounded: own.isRounded || others.isRounded, isSmooth: own.isSmooth && others.isSmooth,
      space: own.space)
  }

  public var inDouble: any DivergenceField {
    GuidedField(base.inDouble, awayFrom: guide.inDouble, guidance)
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    base.evaluate(x, at: t, into: &velocity)
    guard prepare(x, t) else { return }
    guide.evaluate(x, at: t, into: &other)
    guideVelocity(&velocity, t)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    base.evaluate(x, at: t, into: &velocity, divergence: &divergence)
    guard prepare(x, t) else { return }
    guide.evaluate(x, at: t, into: &other, divergence: &otherDivergence)
    guideVelocity(&velocity, t)
    guideDivergence(&divergence, t)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    base.evaluate(x, at: t, probes: probes, into: &velocity, divergence: &divergence)
    guard prepare(x, t) else { return }
    guide.evaluate(x, at: t, probes: probes, into: &other, divergence: &otherDivergence)
    guideVelocity(&velocity, t)
    guideDivergence(&divergence, t)
  }

  /// Room for the guide's answer; false where it is not asked.
  private mutating func prepare(_ x: Batch, _ t: Times) -> Bool {
    guard guidance.weight != 1, counts(at: t) else { return false }
    if !other.hasShape(of: x) {
      other = Batch(dimension: x.dimension, count: x.count)
      otherDivergence = [Double](repeating: 0, count: x.count)
    }
    return true
  }

  private func counts(at t: Times) -> Bool {
    switch t {
    case .shared(let time): guidance.counts(at: time)
    case .each(let times): times.contains(where: guidance.counts)
    }
  }

  private func guideVelocity(_ velocity: inout Batch, _ t: Times) {
    let n = velocity.count
    for j in 0..<n where guidance.counts(at: t[j]) {
      for k in stride(from: j, to: velocity.values.count, by: n) {
        velocity.values[k] =
          other.values[k] + guidance.weight * (velocity.values[k] - other.values[k])
      }
    }
  }

  private func guideDivergence(_ divergence: inout [Double], _ t: Times) {
    for j in divergence.indices where guidance.counts(at: t[j]) {
      divergence[j] = otherDivergence[j] + guidance.weight * (divergence[j] - otherDivergence[j])
    }
  }
}
