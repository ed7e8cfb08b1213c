/// The tangent field on a curved space that a field of its inputs means: v = Eᵀf(y(x))/stretch, with the
/// inputs y of `Space.writeInputs` and their changes E along the space.
///
/// On the sphere y = x/|x| and v = Pf, the projection on to the tangent plane; on the torus y are sines and
/// cosines. Its divergence is that on the space, stretch·Σ e_iᵀ(∂f/∂y)e_i and what the turning of the
/// tangents adds; with probes ε the sum is εᵀ(…)ε instead.
public struct EmbeddedField: DivergenceField {
  /// The space.
  public let space: any Space
  /// The field of the inputs.
  public private(set) var base: any DivergenceField
  private var point: Batch
  private var inputs: Batch
  private var outputs: Batch
  private var changes: Batch
  private var parts: [Double] = []

  /// The field that is meant by one with as many dimensions as the space has inputs.
  public init(_ base: any DivergenceField, on space: any Space) {
    precondition(base.dimension == space.inputs, "the field has not the space's inputs")
    self.space = space
    self.base = base
    point = Batch(dimension: space.coordinates, count: 0)
    inputs = Batch(dimension: space.inputs, count: 0)
    outputs = inputs
    changes = inputs
  }

  public var dimension: Int { space.coordinates }

  public var regularity: Regularity {
    var regularity = base.regularity
    regularity.space = space
    return regularity
  }

  public var inDouble: any DivergenceField { EmbeddedField(base.inDouble, on: space) }

  private mutating func load(_ x: Batch) {
    if !point.hasShape(of: x) {
      point = x
      inputs = Batch(dimension: space.inputs, count: x.count)
      outputs = inputs
      changes = inputs
      parts = [Double](repeating: 0, count: x.count)
    }
    for k in 0..<x.values.count { point.values[k] = x.values[k] }
    space.settle(&point)
    space.writeInputs(point, into: &inputs)
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    load(x)
    base.evaluate(inputs, at: t, into: &outputs)
    space.writeVelocity(outputs, at: point, into: &velocity)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    load(x)
    for j in 0..<x.count { divergence[j] = 0 }
    for axis in space.tangentBasis(at: point) { add(along: axis, at: t, to: &divergence) }
    finish(&velocity, &divergence)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    load(x)
    for j in 0..<x.count { divergence[j] = 0 }
    add(along: probes, at: t, to: &divergence)
    finish(&velocity, &divergence)
  }

  /// Adds stretch·eᵀ(∂f/∂y)e for the unit changes e along tangents, or along what of probes is tangent.
  private mutating func add(along tangents: Batch, at t: Times, to divergence: inout [Double]) {
    space.writeInputChanges(point, along: tangents, into: &changes)
    base.evaluate(inputs, at: t, probes: changes, into: &outputs, divergence: &parts)
    // The changes are longer than e by the stretch, and count twice.
    for j in parts.indices { divergence[j] += parts[j] / space.stretch }
  }

  private func finish(_ velocity: inout Batch, _ divergence: inout [Double]) {
    for (j, part) in space.turningDivergence(outputs, at: point).enumerated() {
      divergence[j] += part
    }
    space.writeVelocity(outputs, at: point, into: &velocity)
  }
}
