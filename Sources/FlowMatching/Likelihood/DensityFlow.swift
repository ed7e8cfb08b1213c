/// The flow of points together with their log-densities, as one velocity field.
///
/// Its points are (x, log p): d/dt (x, log p) = (u_t(x), −∇·u_t(x)), the instantaneous change of
/// variables (Chen et al., 2018, theorem 1). With probes they are (x, log p, ε): the probe rests,
/// so that each trajectory keeps its own, and εᵀ(∂u/∂x)ε stands for the divergence. Any solver
/// integrates it, in either direction.
public struct DensityFlow: VelocityField {
  /// What moves the points.
  public let base: any DivergenceField
  /// Whether the points carry probes.
  public let hasProbes: Bool
  private var field: any DivergenceField
  private var scratch = ChunkMemory<Scratch>()

  /// The flow of the field, with probes or with the exact divergence.
  public init(_ field: any DivergenceField, hasProbes: Bool = false) {
    base = field
    self.field = field
    self.hasProbes = hasProbes
  }

  /// d + 1, and d more for the probes.
  public var dimension: Int { DensityFlow.dimension(field.dimension, hasProbes: hasProbes) }
  public var regularity: Regularity { field.regularity }

  private static func dimension(_ d: Int, hasProbes: Bool) -> Int { hasProbes ? 2 * d + 1 : d + 1 }

  /// The state (x, log p) or (x, log p, ε) of points `x`, `d×n`, whose log-densities are known.
  public static func state(_ x: Batch, logDensity: [Double], probes: Batch? = nil) -> Batch {
    precondition(logDensity.count == x.count, "a density for each point")
    precondition(probes == nil || probes!.hasShape(of: x), "a probe for each point")
    return Batch(
      dimension: dimension(x.dimension, hasProbes: probes != nil),
      values: x.values + logDensity + (probes?.values ?? []))
  }

  /// The points x of a state, `d×n`.
  public func points(_ state: Batch) -> Batch {
    let d = field.dimension
    return Batch(dimension: d, values: Array(state.values[0..<d * state.count]))
  }

  /// The log-densities of a state.
  public func logDensity(_ state: Batch) -> [Double] {
    let shift = field.dimension * state.count
    return Array(state.values[shift..<shift + state.count])
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    precondition(x.dimension == dimension, "the state has another dimension")
    precondition(velocity.hasShape(of: x), "velocity and state have the same shape")
    let (d, n, hasProbes) = (field.dimension, x.count, hasProbes)
    let index = scratch.index(n) { Scratch(dimension: d, count: n, hasProbes: hasProbes) }
    scratch[index].evaluate(&field, x, at: t, into: &velocity)
  }

}

/// The parts of a state of one size, as the field wants them.
private struct Scratch: Sendable {
  private(set) var x: Batch
  private var velocity: Batch
  private var probes: Batch?
  private var divergence: [Double]

  init(dimension: Int, count: Int, hasProbes: Bool) {
    x = Batch(dimension: dimension, count: count)
    velocity = x
    probes = hasProbes ? x : nil
    divergence = [Double](repeating: 0, count: count)
  }

  mutating func evaluate(
    _ field: inout any DivergenceField, _ state: Batch, at t: Times, into rates: inout Batch
  ) {
    let (size, count) = (x.values.count, x.count)
    for k in 0..<size { x.values[k] = state.values[k] }
    if probes == nil {
      field.evaluate(x, at: t, into: &velocity, divergence: &divergence)
    } else {
      for k in 0..<size {
        probes!.values[k] = state.values[size + count + k]
        rates.values[size + count + k] = 0
      }
      field.evaluate(x, at: t, probes: probes!, into: &velocity, divergence: &divergence)
    }
    for k in 0..<size { rates.values[k] = velocity.values[k] }
    for j in 0..<count { rates.values[size + j] = -divergence[j] }
  }
}
