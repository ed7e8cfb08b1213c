import FlowMatching

/// The torus cut open twice: a square of both angles from −π to π, with a margin in which its own edges
/// go on.
struct SquareProjection: Projection {
  /// How far the copies around the square are seen, as a share of its half side.
  static let margin = 0.11

  /// The same angle in [−π, π).
  static func wrapped(_ angle: Double) -> Double {
    let turns = (angle / (2 * .pi)).rounded()
    return turns == 0 ? angle : angle - 2 * .pi * turns
  }

  func picture(_ points: Batch) -> Batch {
    var picture = PlaneProjection().picture(points)
    for k in picture.values.indices {
      picture.values[k] = SquareProjection.wrapped(picture.values[k])
    }
    return picture
  }

  func lift(x: Double, y: Double) -> [Double]? {
    [SquareProjection.wrapped(x), SquareProjection.wrapped(y)]
  }

  func directions(_ v: Batch, at x: Batch) -> Batch { PlaneProjection().picture(v) }

  func surface(x: Double, y: Double) -> SurfacePlace? {
    let reach = Double.pi * (1 + SquareProjection.margin)
    guard abs(x) <= reach, abs(y) <= reach else { return nil }
    return SurfacePlace(
      u: SurfaceChart.unit(x / (2 * .pi)), v: SurfaceChart.unit(y / (2 * .pi)), light: 1)
  }

  /// The square's own copies are fainter.
  func dimming(of half: SurfaceRaster.Half) -> Double {
    max(abs(half.x), abs(half.y)) <= .pi ? 1 : 0.42
  }

  var copies: [SIMD2<Double>] {
    let turn = 2 * Double.pi
    let others = [-turn, 0, turn].flatMap { y in [-turn, 0, turn].map { SIMD2($0, y) } }
    return [SIMD2(0, 0)] + others.filter { $0 != SIMD2(0, 0) }
  }

  var window: (x: ClosedRange<Double>, y: ClosedRange<Double>)? {
    let reach = Double.pi * (1 + SquareProjection.margin)
    return (-reach...reach, -reach...reach)
  }

  var hasAxes: Bool { true }

  var shading: SurfaceShading { .plane }

  var shape: ProjectionShape { ProjectionShape(name: "square", tilt: 0) }
}
