import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The unit sphere from far away, as one sees a globe: the far side is hidden.
///
/// East of the centre is right, north is up, the viewer along +z of the picture.
struct GlobeProjection: Projection {
  /// The place in the middle.
  let centre: GeographicPlace
  /// The axes of the picture, as vectors of the sphere: right, up, towards the viewer.
  private let right, up, front: SIMD3<Double>
  private let tiltSine, tiltCosine: Double

  /// The globe with that place in the middle.
  init(centre: GeographicPlace) {
    self.centre = centre
    let (east, north) = (centre.longitude * .pi / 180, centre.latitude * .pi / 180)
    front = centre.vector
    right = SIMD3(-sin(east), cos(east), 0)
    up = SIMD3(-sin(north) * cos(east), -sin(north) * sin(east), cos(north))
    (tiltSine, tiltCosine) = (sin(north), cos(north))
  }

  func picture(_ points: Batch) -> Batch {
    Sphere().view(points, right: right, up: up, front: front)
  }

  func lift(x: Double, y: Double) -> [Double]? {
    let square = 1 - x * x - y * y
    guard square > 0 else { return nil }
    let point = x * right + y * up + square.squareRoot() * front
    return [point.x, point.y, point.z]
  }

  func directions(_ v: Batch, at x: Batch) -> Batch {
    let n = v.count
    var result = Batch(dimension: 2, count: n)
    for j in 0..<n {
      let (vector, isSeen) = (v.vector(j), (x.vector(j) * front).sum() > 0)
      result.values[j] = isSeen ? (vector * right).sum() : .nan
      result.values[n + j] = isSeen ? (vector * up).sum() : .nan
    }
    return result
  }

  /// Longitude from the centre's meridian and colatitude, as they are whatever the centre's longitude.
  func surface(x: Double, y: Double) -> SurfacePlace? {
    let square = 1 - x * x - y * y
    guard square > 0 else { return nil }
    let depth = square.squareRoot()
    let (height, ahead) = (
      y * tiltCosine + depth * tiltSine, depth * tiltCosine - y * tiltSine
    )
    return SurfacePlace(
      u: SurfaceChart.unit(atan2(x, ahead) / (2 * .pi)),
      v: acos(min(1, max(-1, height))) / .pi,
      light: BodyLight.amount(SIMD3(x, y, depth)))
  }

  var window: (x: ClosedRange<Double>, y: ClosedRange<Double>)? { (-1...1, -1...1) }

  var shape: ProjectionShape { ProjectionShape(name: "globe", tilt: centre.latitude) }

  var turn: Double { centre.longitude / 360 }

  func halo(x: Double, y: Double) -> (distance: Double, x: Double, y: Double)? {
    let radius = (x * x + y * y).squareRoot()
    guard radius > 0 else { return nil }
    return (radius - 1, x / radius, y / radius)
  }
}

/// The one light that all bodies are seen in.
enum BodyLight {
  /// Where it comes from; the viewer is along +z.
  static let direction = SIMD3(-0.52, 0.50, 0.69) / 0.9998

  /// λ of a normal: how directly the light falls, 0…1.
  static func amount(_ normal: SIMD3<Double>) -> Double { max(0, (normal * direction).sum()) }
}

extension Batch {
  /// The first three coordinates of a point.
  func vector(_ j: Int) -> SIMD3<Double> {
    SIMD3(values[j], values[count + j], values[2 * count + j])
  }
}
