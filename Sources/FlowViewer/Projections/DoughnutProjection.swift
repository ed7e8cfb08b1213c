import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The torus as a ring in space, R = 1 and r = .42, seen from far away under a tilt; what lies behind is
/// hidden.
///
/// The first angle goes around the ring, the second around its tube. The ring turns about its own axis.
struct DoughnutProjection: Projection {
  /// How far the ring has turned, in degrees.
  let spin: Double
  /// How far its axis leans away from the viewer, in degrees; at 0 one looks down on it.
  let tilt: Double
  static let ring = 1.0
  static let tube = 0.42
  private let tiltSine, tiltCosine: Double

  init(spin: Double, tilt: Double) {
    self.spin = spin
    self.tilt = tilt
    (tiltSine, tiltCosine) = (sin(tilt * .pi / 180), cos(tilt * .pi / 180))
  }

  /// A place and its normal in the ring's own frame.
  private func body(_ around: Double, _ along: Double) -> (
    place: SIMD3<Double>, normal: SIMD3<Double>
  ) {
    let (c, s) = (cos(around), sin(around))
    let (tubeCosine, tubeSine) = (cos(along), sin(along))
    let normal = SIMD3(c * tubeCosine, s * tubeCosine, tubeSine)
    return (SIMD3(c, s, 0) * DoughnutProjection.ring + DoughnutProjection.tube * normal, normal)
  }

  /// A vector of the ring's frame as it is seen: right, up, towards the viewer.
  private func seen(_ p: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(p.x, p.y * tiltCosine + p.z * tiltSine, p.z * tiltCosine - p.y * tiltSine)
  }

  /// The way to the viewer in the ring's frame.
  private var viewer: SIMD3<Double> { SIMD3(0, -tiltSine, tiltCosine) }

  func picture(_ points: Batch) -> Batch {
    let n = points.count
    var picture = Batch(dimension: 2, count: n)
    let turned = spin * .pi / 180
    for j in 0..<n {
      let (place, normal) = body(points.values[j] + turned, points.values[n + j])
      let view = seen(place)
      let isSeen = (normal * viewer).sum() > 0.03 && !isCovered(place)
      picture.values[j] = isSeen ? view.x : .nan
      picture.values[n + j] = isSeen ? view.y : .nan
    }
    return picture
  }

  /// Whether a place that faces the viewer has another part of the ring before it.
  ///
  /// Along the ray p + s·d the ring is a quartic in s with a root at 0; what is left is a cubic, and a
  /// root of it beyond 0 is where something is in the way.
  func isCovered(_ p: SIMD3<Double>) -> Bool {
    let d = viewer
    let (ring, tube) = (DoughnutProjection.ring, DoughnutProjection.tube)
    let along = (p * d).sum()
    let k = (p * p).sum() + ring * ring - tube * tube
    // |p + sd|² + R² − r² = s² + 2·along·s + k, and the square of the distance from the axis.
    let flat = (d.x * d.x + d.y * d.y, p.x * d.x + p.y * d.y)
    let b = 4 * along
    let c = 4 * along * along + 2 * k - 4 * ring * ring * flat.0
    let e = 4 * along * k - 8 * ring * ring * flat.1
    // s³ + b s² + c s + e: below 0 somewhere beyond 0 only at its local minimum.
    let discriminant = b * b - 3 * c
    guard discriminant > 0 else { return false }
    let least = (-b + discriminant.squareRoot()) / 3
    guard least > 1e-6 else { return false }
    return ((least + b) * least + c) * least + e < 0
  }

  func surface(x: Double, y: Double) -> SurfacePlace? {
    guard let p = hit(x: x, y: y) else { return nil }
    let around = (p.x * p.x + p.y * p.y).squareRoot()
    let (out, up) = (around - DoughnutProjection.ring, p.z)
    let normal = SIMD3(p.x / around * out, p.y / around * out, up) / DoughnutProjection.tube
    return SurfacePlace(
      u: SurfaceChart.unit(atan2(p.y, p.x) / (2 * .pi)),
      v: SurfaceChart.unit(atan2(up, out) / (2 * .pi)), light: BodyLight.amount(seen(normal)))
  }

  /// The place of the ring that one sees there, in its own frame, by steps as long as nothing is nearer.
  private func hit(x: Double, y: Double) -> SIMD3<Double>? {
    let extent = DoughnutProjection.ring + DoughnutProjection.tube
    guard x * x + y * y < extent * extent else { return nil }
    let d = viewer
    // Back from the view: up and depth are turned by the tilt.
    var p = SIMD3(x, y * tiltCosine - extent * tiltSine, y * tiltSine + extent * tiltCosine)
    var gone = 0.0
    for _ in 0..<96 {
      let around = (p.x * p.x + p.y * p.y).squareRoot() - DoughnutProjection.ring
      let distance = (around * around + p.z * p.z).squareRoot() - DoughnutProjection.tube
      if distance < 1e-4 { return p }
      gone += distance
      if gone > 2 * extent { return nil }
      p -= distance * d
    }
    return nil
  }

  func lift(x: Double, y: Double) -> [Double]? {
    surface(x: x, y: y).map {
      [
        SquareProjection.wrapped(2 * .pi * $0.u - spin * .pi / 180),
        SquareProjection.wrapped(2 * .pi * $0.v),
      ]
    }
  }

  var window: (x: ClosedRange<Double>, y: ClosedRange<Double>)? {
    let extent = DoughnutProjection.ring + DoughnutProjection.tube
    let height = DoughnutProjection.ring * abs(tiltCosine) + DoughnutProjection.tube
    return (-extent...extent, -height...height)
  }

  var shape: ProjectionShape { ProjectionShape(name: "doughnut", tilt: tilt) }

  var turn: Double { -spin / 360 }
}
