import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The unit sphere S², its points as unit vectors in ℝ³.
///
/// log_x(y) = θ·(x × y) × x/|x × y| with θ = atan2(|x × y|, x·y), which is exact for near points and
/// near antipodes alike, where acos and 1/sin θ are not.
public struct Sphere: Space, Hashable {
  /// A vector of ℝ³.
  typealias Vector = SIMD3<Double>

  /// The sphere.
  public init() {}

  public var name: String { "sphere" }
  public var title: String { "sphere S²" }
  public var summary: String { "unit vectors, or longitude and latitude in degrees" }
  public var coordinates: Int { 3 }
  public var dimension: Int { 2 }
  public var area: Double { 4 * .pi }
  public var diameter: Double { .pi }
  public var origin: [Double] { [0, 0, 1] }

  static func dot(_ a: Vector, _ b: Vector) -> Double { (a * b).sum() }

  static func cross(_ a: Vector, _ b: Vector) -> Vector {
    Vector(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }

  static func length(_ a: Vector) -> Double { dot(a, a).squareRoot() }

  /// log_x(y) of unit vectors with its length θ and sin θ; of antipodes the way along one great circle.
  static func polar(from x: Vector, to y: Vector) -> (way: Vector, angle: Double, sine: Double) {
    let cosine = dot(x, y)
    // The same product, without the cancellation of nearly equal or opposite vectors.
    let normal = cross(x, cosine < 0 ? y + x : y - x)
    let sine = length(normal)
    if sine == 0 { return cosine < 0 ? (.pi * anyTangent(at: x), .pi, 0) : (Vector(), 0, 0) }
    let angle = atan2(sine, cosine)
    return (cross(normal, x) * (angle / sine), angle, sine)
  }

  /// log_x(y) of unit vectors.
  static func way(from x: Vector, to y: Vector) -> Vector { polar(from: x, to: y).way }

  /// exp_x(v), and the velocity of the geodesic there, of the length of `v`.
  static func follow(_ x: Vector, along v: Vector) -> (point: Vector, velocity: Vector) {
    let angle = length(v)
    if angle == 0 { return (x, v) }
    let (s, c) = (sin(angle), cos(angle))
    let point = c * x + (s / angle) * v
    return (point / length(point), c * v - (angle * s) * x)
  }

  /// A unit tangent at `x`, always the same.
  static func anyTangent(at x: Vector) -> Vector {
    let sizes = Vector(abs(x.x), abs(x.y), abs(x.z))
    let least = sizes.min()
    let axis: Vector =
      sizes.x == least ? Vector(1, 0, 0) : sizes.y == least ? Vector(0, 1, 0) : Vector(0, 0, 1)
    let tangent = cross(cross(x, axis), x)
    return tangent / length(tangent)
  }

  public func way(from x: Batch, to y: Batch, into way: inout Batch) {
    requireShapes(x, y, way)
    for j in 0..<x.count { way[vector: j] = Sphere.way(from: x[vector: j], to: y[vector: j]) }
  }

  public func move(_ x: inout Batch, along v: Batch, by h: Double) {
    for j in 0..<x.count {
      x[vector: j] = Sphere.follow(x[vector: j], along: h * v[vector: j]).point
    }
    for k in 3 * x.count..<x.values.count { x.values[k] += h * v.values[k] }
  }

  public func geodesic(
    from x0: Batch, to x1: Batch, at t: Times, into points: inout Batch, velocities: inout Batch
  ) {
    requireShapes(x0, x1, points)
    SphereGeodesics.write(
      from: x0.values, to: x1.values, times: t.list, points: &points.values,
      velocities: &velocities.values)
    // Of antipodes one way is taken.
    for j in 0..<x0.count where points.values[j].isNaN {
      let start = x0[vector: j]
      let way = Sphere.way(from: start, to: x1[vector: j])
      let angle = Sphere.length(way)
      let (s, c) = (sin(t[j] * angle), cos(t[j] * angle))
      let point = angle == 0 ? start : c * start + (s / angle) * way
      points[vector: j] = point / Sphere.length(point)
      velocities[vector: j] = c * way - (angle * s) * start
    }
  }

  public func makeTangent(_ v: inout Batch, at x: Batch) {
    for j in 0..<x.count {
      let (point, vector) = (x[vector: j], v[vector: j])
      v[vector: j] = vector - (Sphere.dot(point, vector) / Sphere.dot(point, point)) * point
    }
  }

  public func settle(_ x: inout Batch) {
    SphereGeodesics.settle(&x.values, count: x.count)
  }

  /// The place of every point on the chart of `SurfaceGrid`: turns of longitude, and half turns from the
  /// north pole.
  public func places(_ x: Batch) -> [SIMD2<Double>] {
    precondition(x.dimension == 3, "the sphere has three coordinates")
    return SphereGeodesics.places(of: x.values)
  }

  /// Where points are seen along `front`, by the axes `right` and `up`, `2×n`; what is behind is not a
  /// number.
  public func view(
    _ x: Batch, right: SIMD3<Double>, up: SIMD3<Double>, front: SIMD3<Double>
  ) -> Batch {
    precondition(x.dimension == 3, "the sphere has three coordinates")
    return Batch(
      dimension: 2,
      values: SphereGeodesics.view(of: x.values, right: right, up: up, front: front))
  }

  /// The greatest | |x| − 1 |.
  public func offset(of x: Batch) -> Double {
    let n = x.count
    var (least, greatest) = (1.0, 1.0)
    for j in 0..<n {
      let (a, b, c) = (x.values[j], x.values[n + j], x.values[2 * n + j])
      let square = a * a + b * b + c * c
      least = min(least, square)
      greatest = max(greatest, square)
    }
    return max(1 - least.squareRoot(), greatest.squareRoot() - 1)
  }

  public func wrap(_ x: inout Batch) { settle(&x) }

  public func renamed(_ x: Batch) -> Batch {
    Batch(dimension: 3, values: x.values.map { 3 * $0 })
  }

  public func sampleUniform(into x: inout Batch, using random: inout Random) {
    precondition(x.dimension == 3, "the sphere has three coordinates")
    random.fillNormals(&x.values)
    for j in 0..<x.count {
      let point = x[vector: j]
      let square = Sphere.dot(point, point)
      // Of no practical chance, but 0 has no direction.
      x[vector: j] = square > 0 ? point / square.squareRoot() : Vector(0, 0, 1)
    }
  }

  /// The spherical harmonics of the degrees 1 to 3: of the first x, y and z themselves.
  public var inputs: Int { SphericalHarmonics.count }

  public func writeInputs(_ x: Batch, into inputs: inout Batch) {
    SphericalHarmonics.values(at: x.values, into: &inputs.values)
  }

  public func writeInputChanges(_ x: Batch, along v: Batch, into changes: inout Batch) {
    SphericalHarmonics.derivatives(at: x.values, along: v.values, into: &changes.values)
  }

  /// −2x·f.
  public func addTurning(of f: Batch, at x: Batch, to divergence: inout [Double]) {
    for j in 0..<x.count { divergence[j] -= 2 * Sphere.dot(x[vector: j], f[vector: j]) }
  }

  public func tangentBasis(at x: Batch) -> [Batch] {
    var (first, second) = (x, x)
    for j in 0..<x.count {
      first[vector: j] = Sphere.anyTangent(at: x[vector: j])
      second[vector: j] = Sphere.cross(x[vector: j], first[vector: j])
    }
    return [first, second]
  }

  /// Gauss–Legendre in z, equal steps in longitude: exact for polynomials in x, y and z of a degree
  /// below twice the resolution.
  public func quadrature(resolution: Int) -> SpaceQuadrature {
    let rule = GaussLegendre(resolution)
    let around = 2 * resolution
    var nodes = Batch(dimension: 3, count: resolution * around)
    var weights: [Double] = []
    for (i, node) in rule.nodes.enumerated() {
      let z = 2 * node - 1
      let radius = (1 - z * z).squareRoot()
      for k in 0..<around {
        let angle = 2 * Double.pi * (Double(k) + 0.5) / Double(around)
        nodes[vector: i * around + k] = Vector(radius * cos(angle), radius * sin(angle), z)
        weights.append(area * rule.weights[i] / Double(around))
      }
    }
    return SpaceQuadrature(nodes: nodes, weights: weights)
  }

  private func requireShapes(_ x: Batch, _ y: Batch, _ other: Batch) {
    precondition(x.dimension == 3, "the sphere has three coordinates")
    precondition(y.hasShape(of: x) && other.hasShape(of: x), "all batches need one shape")
  }
}

extension Batch {
  /// The first three coordinates of point `j`.
  subscript(vector j: Int) -> SIMD3<Double> {
    get { SIMD3(values[j], values[count + j], values[2 * count + j]) }
    set {
      values[j] = newValue.x
      values[count + j] = newValue.y
      values[2 * count + j] = newValue.z
    }
  }
}
