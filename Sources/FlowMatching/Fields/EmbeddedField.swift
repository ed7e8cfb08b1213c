/// The tangent field on a curved space that a map of its inputs means: v = Pf(y(x), t), with the inputs y
/// of `Space.writeInputs` and the projection P on to the tangents at x; on the torus v = f.
///
/// Its divergence is that on the space, Σ e_iᵀ(∂f/∂y)Ee_i over orthonormal tangents e_i, with the changes
/// E of the inputs, and what the turning of the tangents adds; with probes ε the sum is εᵀ(∂f/∂y)Eε
/// instead.
public struct EmbeddedField: DivergenceField {
  /// The space.
  public let space: any Space
  /// The map of the inputs.
  public private(set) var base: any TangentMap
  private var point: Batch
  private var inputs: Batch
  private var outputs: Batch
  private var changes: Batch
  private var parts: [Double] = []

  /// The field that is meant by a map of the space's inputs to vectors.
  public init(_ base: any TangentMap, on space: any Space) {
    precondition(
      base.inputs == space.inputs && base.outputs == space.coordinates,
      "the map is not of the space's inputs and vectors")
    self.space = space
    self.base = base
    point = Batch(dimension: space.coordinates, count: 0)
    inputs = Batch(dimension: space.inputs, count: 0)
    outputs = point
    changes = inputs
  }

  public var dimension: Int { space.coordinates }

  public var regularity: Regularity {
    var regularity = base.regularity
    regularity.space = space
    return regularity
  }

  public var inDouble: any DivergenceField { EmbeddedField(base.mapInDouble, on: space) }

  private mutating func load(_ x: Batch) {
    if point.count != x.count {
      point = Batch(dimension: space.coordinates, count: x.count)
      inputs = Batch(dimension: space.inputs, count: x.count)
      outputs = point
      changes = inputs
      parts = [Double](repeating: 0, count: x.count)
    }
    for k in 0..<point.values.count { point.values[k] = x.values[k] }
    space.settle(&point)
    space.writeInputs(point, into: &inputs)
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    load(x)
    base.evaluate(inputs, at: t, into: &outputs)
    writeVelocity(&velocity)
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
    var tangents = point
    for k in 0..<tangents.values.count { tangents.values[k] = probes.values[k] }
    space.makeTangent(&tangents, at: point)
    add(along: tangents, at: t, to: &divergence)
    finish(&velocity, &divergence)
  }

  /// Adds eᵀ(∂f/∂y)Ee for tangents e.
  private mutating func add(along tangents: Batch, at t: Times, to divergence: inout [Double]) {
    space.writeInputChanges(point, along: tangents, into: &changes)
    base.evaluate(
      inputs, at: t, along: changes, against: tangents, into: &outputs, slopes: &parts)
    for j in parts.indices { divergence[j] += parts[j] }
  }

  private mutating func finish(_ velocity: inout Batch, _ divergence: inout [Double]) {
    space.addTurning(of: outputs, at: point, to: &divergence)
    writeVelocity(&velocity)
  }

  private mutating func writeVelocity(_ velocity: inout Batch) {
    space.makeTangent(&outputs, at: point)
    for k in 0..<outputs.values.count { velocity.values[k] = outputs.values[k] }
  }
}
