/// A field of particles in the plane whose mean is taken out, P·v(x): the mean of the particles stays.
///
/// Its divergence on the points of mean 0 is tr(P ∂v/∂x) = ∇·v − Σ_a qᵀ(∂v/∂x)q over the two directions q in which
/// all particles move together.
public struct MeanFreeField: DivergenceField {
  private var base: any DivergenceField
  private var probes: Batch?
  private var projected: Batch?
  private var along: [Double] = []

  /// The field without its mean.
  public init(_ base: any DivergenceField) { self.base = base }

  private var particles: Int { base.dimension / 2 }

  public var dimension: Int { base.dimension }
  public var regularity: Regularity { base.regularity }

  public var inDouble: any DivergenceField { MeanFreeField(base.inDouble) }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    base.evaluate(x, at: t, into: &velocity)
    velocity.takeOutMean(particles: particles)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    var probes = self.probes.flatMap { $0.hasShape(of: x) ? $0 : nil } ?? x
    self.probes = nil
    if along.count != x.count { along = [Double](repeating: 0, count: x.count) }
    var shares = divergence
    for j in shares.indices { shares[j] = 0 }
    for axis in 0..<2 {
      let unit = 1 / Double(particles).squareRoot()
      for i in 0..<dimension {
        for j in 0..<x.count { probes.values[i * x.count + j] = i % 2 == axis ? unit : 0 }
      }
      base.evaluate(x, at: t, probes: probes, into: &velocity, divergence: &along)
      for j in shares.indices { shares[j] += along[j] }
    }
    base.evaluate(x, at: t, into: &velocity, divergence: &divergence)
    for j in shares.indices { divergence[j] -= shares[j] }
    velocity.takeOutMean(particles: particles)
    self.probes = probes
  }

  /// εᵀP(∂v/∂x)Pε: the probes' own mean is taken out too, so that the mean over them is the trace above.
  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    var centred = projected.flatMap { $0.hasShape(of: probes) ? $0 : nil } ?? probes
    projected = nil
    for k in probes.values.indices { centred.values[k] = probes.values[k] }
    centred.takeOutMean(particles: particles)
    base.evaluate(x, at: t, probes: centred, into: &velocity, divergence: &divergence)
    velocity.takeOutMean(particles: particles)
    projected = centred
  }
}
