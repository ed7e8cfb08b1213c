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
  private static let width = 2 * 2.0.squareRoot()
  private static let height = 2.0.squareRoot()
  /// cos θ and sin θ in equal steps of z = sin φ: no iteration for every particle.
  private static let auxiliary: [(cosine: Double, sine: Double)] = (0...2048).map { step in
    let z = Double(step) / 1024 - 1
    let angle = solved(forSine: z)
    return (cos(angle), sin(angle))
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

  func picture(_ points: Batch) -> Batch {
    let n = points.count
    var picture = Batch(dimension: 2, count: n)
    for j in 0..<n {
      let point = points.vector(j)
      guard point.x.isFinite, point.y.isFinite, point.z.isFinite else {
        picture.values[j] = .nan
        picture.values[n + j] = .nan
        continue
      }
      let place = min(2047.999, max(0, (point.z + 1) * 1024))
      let (step, share) = (Int(place), place - place.rounded(.down))
      let (low, high) = (
        MollweideProjection.auxiliary[step], MollweideProjection.auxiliary[step + 1]
      )
      let cosine = low.cosine + share * (high.cosine - low.cosine)
      let sine = low.sine + share * (high.sine - low.sine)
      picture.values[j] =
        MollweideProjection.width * cosine * atan2(point.y, point.x) / .pi
      picture.values[n + j] = MollweideProjection.height * sine
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
    return SurfacePlace(u: SurfaceChart.unit(share / 2), v: acos(z) / .pi, light: 0.7)
  }

  /// The half that the globe hides is darker.
  func dimming(at place: SurfacePlace, x: Double, y: Double) -> Double {
    let point = SurfaceChart.sphere(u: place.u, v: place.v)
    return (point * centre.vector).sum() >= 0 ? 1 : 0.62
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
