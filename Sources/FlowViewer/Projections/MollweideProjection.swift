import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The whole sphere at once in equal areas, so that counts may be compared (Mollweide, 1805): with
/// 2θ + sin 2θ = π sin φ, x = 2√2 λ cos θ/π and y = √2 sin θ.
///
/// Longitude 0 is in the middle and stays there.
struct MollweideProjection: Projection {
  /// The place in the middle of the globe beside it: the half around it is the one that is seen there.
  let centre: GeographicPlace
  private let front: SIMD3<Double>
  private static let width = 2 * 2.0.squareRoot()
  private static let height = 2.0.squareRoot()
  /// cos θ and sin θ in equal steps of z = sin φ: no iteration for every particle.
  private static let auxiliary: [(cosine: Double, sine: Double)] = (0...2048).map { step in
    let z = Double(step) / 1024 - 1
    let angle = solved(forSine: z)
    return (cos(angle), sin(angle))
  }

  init(centre: GeographicPlace) {
    self.centre = centre
    front = centre.vector
  }

  /// θ by Newton's method, from a start that is near at the poles too.
  private static func solved(forSine z: Double) -> Double {
    if abs(z) >= 1 { return z < 0 ? -.pi / 2 : .pi / 2 }
    var angle = asin(z)
    for _ in 0..<64 {
      let slope = 2 + 2 * cos(2 * angle)
      if slope < 1e-12 { break }
      angle -= (2 * angle + sin(2 * angle) - .pi * z) / slope
    }
    return angle
  }

  func picture(_ points: Batch) -> Batch { picture(points, at: Sphere().chart(points)) }

  func picture(_ points: Batch, at places: [SIMD2<Double>]) -> Batch {
    let n = points.count
    var picture = Batch(dimension: 2, count: n)
    let auxiliary = MollweideProjection.auxiliary
    let (width, height) = (2 * MollweideProjection.width, MollweideProjection.height)
    for j in 0..<n {
      let z = points.values[2 * n + j]
      let turns = places[j].x
      // What is not a number has no place.
      guard turns.isFinite, z.isFinite else {
        picture.values[j] = .nan
        picture.values[n + j] = .nan
        continue
      }
      let place = min(2047.999, max(0, (z + 1) * 1024))
      let (step, share) = (Int(place), place - place.rounded(.down))
      let (low, high) = (auxiliary[step], auxiliary[step + 1])
      let cosine = low.cosine + share * (high.cosine - low.cosine)
      let sine = low.sine + share * (high.sine - low.sine)
      // From −½ to ½ of a turn around longitude 0.
      picture.values[j] = width * cosine * (turns <= 0.5 ? turns : turns - 1)
      picture.values[n + j] = height * sine
    }
    return picture
  }

  func lift(x: Double, y: Double) -> [Double]? {
    guard let place = surface(x: x, y: y) else { return nil }
    let vector = SurfaceChart.sphere(u: place.u, v: place.v)
    return [vector.x, vector.y, vector.z]
  }

  func surface(x: Double, y: Double) -> SurfacePlace? {
    let sine = y / MollweideProjection.height
    guard abs(sine) < 1 else { return nil }
    let angle = asin(sine)
    let share = x / (MollweideProjection.width * cos(angle))
    guard abs(share) <= 1 else { return nil }
    let z = min(1, max(-1, (2 * angle + sin(2 * angle)) / .pi))
    let (u, v) = (SurfaceChart.unit(share / 2), acos(z) / .pi)
    return SurfacePlace(u: u, v: v, light: 0.7, vector: SurfaceChart.sphere(u: u, v: v))
  }

  /// The half that the globe hides is darker.
  func dimming(of half: SurfaceRaster.Half) -> Double {
    (half.vector * front).sum() >= 0 ? 1 : 0.62
  }

  var window: (x: ClosedRange<Double>, y: ClosedRange<Double>)? {
    (
      -MollweideProjection.width...MollweideProjection.width,
      -MollweideProjection.height...MollweideProjection.height
    )
  }

  var shading: SurfaceShading { .map }

  var shape: ProjectionShape { ProjectionShape(name: "whole sphere", tilt: 0) }

  /// The rim of the half around the centre, `3×n`.
  func rim(_ count: Int = 720) -> Batch {
    let globe = GlobeProjection(centre: centre)
    var points = Batch(dimension: 3, count: count)
    for j in 0..<count {
      let angle = 2 * .pi * Double(j) / Double(count)
      // Just inside, where it can be lifted.
      let point = globe.lift(x: (1 - 1e-9) * cos(angle), y: (1 - 1e-9) * sin(angle)) ?? [0, 0, 1]
      for i in 0..<3 { points[i, j] = point[i] }
    }
    return points
  }
}
