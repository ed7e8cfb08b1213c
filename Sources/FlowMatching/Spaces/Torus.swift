#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The flat torus T² = (ℝ/2πℤ)², its points as pairs of angles.
///
/// Its geodesics are the straight lines of the plane that covers it, and log_x(y) = wrap(y − x).
public struct Torus: Space, Hashable {
  /// The torus.
  public init() {}

  public var name: String { "torus" }
  public var title: String { "torus T²" }
  public var summary: String { "two angles, each of which comes back after a turn" }
  public var coordinates: Int { 2 }
  public var dimension: Int { 2 }
  public var area: Double { 4 * .pi * .pi }
  public var diameter: Double { 2.0.squareRoot() * .pi }
  public var origin: [Double] { [0, 0] }

  /// The same angle in [−π, π); one that lies there keeps its bits.
  static func wrap(_ angle: Double) -> Double {
    if angle >= -.pi && angle < .pi { return angle }
    let turn = 2 * Double.pi
    var wrapped: Double
    if abs(angle) < 16 * turn {
      wrapped = angle - turn * (angle / turn).rounded()
    } else {
      wrapped = angle.remainder(dividingBy: turn)
    }
    // What rounding left beyond an end.
    if wrapped >= .pi { wrapped -= turn }
    return max(wrapped, -.pi)
  }

  public func way(from x: Batch, to y: Batch, into way: inout Batch) {
    requireShapes(x, y, way)
    for k in x.values.indices { way.values[k] = Torus.wrap(y.values[k] - x.values[k]) }
  }

  public func move(_ x: inout Batch, along v: Batch, by h: Double) {
    for k in 0..<x.values.count { x.values[k] += h * v.values[k] }
  }

  public func geodesic(
    from x0: Batch, to x1: Batch, at t: Times, into points: inout Batch, velocities: inout Batch
  ) {
    requireShapes(x0, x1, points)
    let n = x0.count
    for k in 0..<2 * n {
      let way = Torus.wrap(x1.values[k] - x0.values[k])
      let time = t[k < n ? k : k - n]
      points.values[k] = Torus.wrap(x0.values[k] + time * way)
      velocities.values[k] = way
    }
  }

  public func makeTangent(_ v: inout Batch, at x: Batch) {}

  public func settle(_ x: inout Batch) {}

  public func wrap(_ x: inout Batch) {
    for k in 0..<2 * x.count { x.values[k] = Torus.wrap(x.values[k]) }
  }

  public func renamed(_ x: Batch) -> Batch {
    Batch(dimension: 2, values: x.values.map { $0 + 4 * .pi })
  }

  public func sampleUniform(into x: inout Batch, using random: inout Random) {
    precondition(x.dimension == 2, "the torus has two coordinates")
    random.fillUniforms(&x.values)
    for k in 0..<x.values.count { x.values[k] = (2 * x.values[k] - 1) * .pi }
  }

  /// The sines and cosines of once and twice both angles: sin a, cos a, sin b, cos b, then of 2a, 2b.
  public var inputs: Int { 8 }

  public func writeInputs(_ x: Batch, into inputs: inout Batch) {
    precondition(inputs.dimension == 8 && inputs.count == x.count, "the inputs have eight rows")
    let n = x.count
    for i in 0..<2 {
      for j in 0..<n {
        let (s, c) = (sin(x.values[i * n + j]), cos(x.values[i * n + j]))
        inputs.values[2 * i * n + j] = s
        inputs.values[(2 * i + 1) * n + j] = c
        inputs.values[(2 * i + 4) * n + j] = 2 * s * c
        inputs.values[(2 * i + 5) * n + j] = (c - s) * (c + s)
      }
    }
  }

  public func writeInputChanges(_ x: Batch, along v: Batch, into changes: inout Batch) {
    precondition(changes.dimension == 8 && changes.count == x.count, "the inputs have eight rows")
    let n = x.count
    for i in 0..<2 {
      for j in 0..<n {
        let (s, c) = (sin(x.values[i * n + j]), cos(x.values[i * n + j]))
        let rate = v.values[i * n + j]
        changes.values[2 * i * n + j] = c * rate
        changes.values[(2 * i + 1) * n + j] = -s * rate
        changes.values[(2 * i + 4) * n + j] = 2 * (c - s) * (c + s) * rate
        changes.values[(2 * i + 5) * n + j] = -4 * s * c * rate
      }
    }
  }

  public func tangentBasis(at x: Batch) -> [Batch] {
    (0..<2).map { i in
      var axis = Batch(dimension: 2, count: x.count)
      for j in 0..<x.count { axis[i, j] = 1 }
      return axis
    }
  }

  /// Equal steps in both angles, twice the resolution around: exact for trigonometric polynomials of a
  /// lower degree.
  public func quadrature(resolution: Int) -> SpaceQuadrature {
    let around = 2 * resolution
    var nodes = Batch(dimension: 2, count: around * around)
    for j in 0..<nodes.count {
      nodes[0, j] = 2 * .pi * (Double(j % around) + 0.5) / Double(around) - .pi
      nodes[1, j] = 2 * .pi * (Double(j / around) + 0.5) / Double(around) - .pi
    }
    return SpaceQuadrature(
      nodes: nodes, weights: [Double](repeating: area / Double(nodes.count), count: nodes.count))
  }

  private func requireShapes(_ x: Batch, _ y: Batch, _ other: Batch) {
    precondition(x.dimension == 2, "the torus has two coordinates")
    precondition(y.hasShape(of: x) && other.hasShape(of: x), "all batches need one shape")
  }
}
