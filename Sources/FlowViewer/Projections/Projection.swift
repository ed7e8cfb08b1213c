import FlowMatching
import TerminalCanvas

/// How the points of a flow come to lie in a plot. Whatever draws dots asks for this picture, and nothing
/// else knows how many coordinates a point has.
protocol Projection: Sendable {
  /// Where points are drawn, `2×n`; what is hidden is not a number, which no plot draws.
  func picture(_ points: Batch) -> Batch

  /// The same of points whose places on the chart are known.
  func picture(_ points: Batch, at places: [SIMD2<Double>]) -> Batch

  /// The point that is drawn at a place; nil where none is, or more than one.
  func lift(x: Double, y: Double) -> [Double]?

  /// What the place of the plot shows of a surface; nil for a plot without one.
  func surface(x: Double, y: Double) -> SurfacePlace?

  /// By how much the whole picture is repeated, itself first.
  var copies: [SIMD2<Double>] { get }

  /// The box that is seen; nil for that of the target.
  var window: (x: ClosedRange<Double>, y: ClosedRange<Double>)? { get }

  /// Whether the coordinates of the picture are numbers to read, so that it has axes.
  var hasAxes: Bool { get }

  /// How its surface is seen.
  var shading: SurfaceShading { get }

  /// What stays the same as the body turns about its axis, so that a raster serves every turn.
  var shape: ProjectionShape { get }

  /// The light that the body's places are seen in now, 0…1, beside the raster's own.
  func dimming(of half: SurfaceRaster.Half) -> Double

  /// What goes on beyond the body's outline: for a place outside, its distance from it in radii and the
  /// direction from the middle; nil where nothing does.
  func halo(x: Double, y: Double) -> (distance: Double, x: Double, y: Double)?

  /// How far the body has turned about its axis, in the chart's `u`.
  var turn: Double { get }

  /// The pictures of tangents `v` at points, `2×n`: what a short step along them changes. What is hidden is
  /// not a number.
  func directions(_ v: Batch, at x: Batch) -> Batch
}

/// A place of a surface, by the space's own chart.
struct SurfacePlace: Sendable, Hashable {
  /// The chart's coordinates in 0 ..< 1, `u` counted before the body turned about its axis.
  let u, v: Double
  /// How bright the light makes it, 0…1.
  let light: Double
  /// The vector from the middle of the body, of a map of a sphere; else 0.
  var vector = SIMD3<Double>()
}

/// How a surface is seen.
enum SurfaceShading: Sendable {
  /// A body in light: the sides that look away from it are darker, and so are particles there.
  case body
  /// A map of one.
  case map
  /// Nothing but what lies on it.
  case plane
}

/// What tells rasters of bodies apart.
struct ProjectionShape: Sendable, Hashable {
  let name: String
  let tilt: Double
}

extension Projection {
  func picture(_ points: Batch, at places: [SIMD2<Double>]) -> Batch { picture(points) }
  func lift(x: Double, y: Double) -> [Double]? { nil }
  func surface(x: Double, y: Double) -> SurfacePlace? { nil }
  var copies: [SIMD2<Double>] { [SIMD2(0, 0)] }
  var window: (x: ClosedRange<Double>, y: ClosedRange<Double>)? { nil }
  var hasAxes: Bool { false }
  var shading: SurfaceShading { .body }
  var shape: ProjectionShape { ProjectionShape(name: "", tilt: 0) }
  func dimming(of half: SurfaceRaster.Half) -> Double { 1 }
  func halo(x: Double, y: Double) -> (distance: Double, x: Double, y: Double)? { nil }

  var turn: Double { 0 }

  /// The picture of one point.
  func place(_ points: Batch, _ index: Int) -> (x: Double, y: Double) {
    let place = picture(points.points(index..<index + 1))
    return (place[0, 0], place[1, 0])
  }

  func directions(_ v: Batch, at x: Batch) -> Batch {
    let step = 1e-4
    var moved = x
    for k in moved.values.indices { moved.values[k] += step * v.values[k] }
    let (from, to) = (picture(x), picture(moved))
    var result = from
    for k in result.values.indices {
      result.values[k] = (to.values[k] - from.values[k]) / step
    }
    return result
  }
}

/// Points of the plane are where they are.
struct PlaneProjection: Projection {
  func picture(_ points: Batch) -> Batch {
    points.dimension == 2
      ? points : Batch(dimension: 2, values: Array(points.values[0..<2 * points.count]))
  }

  func lift(x: Double, y: Double) -> [Double]? { [x, y] }

  func directions(_ v: Batch, at x: Batch) -> Batch { picture(v) }

  var hasAxes: Bool { true }
}

extension DotGrid {
  /// The dots of the segments from each point of a batch to that of another, wherever both are seen.
  mutating func segments(
    _ axes: PlotAxes, from: Batch, to: Batch, through projection: any Projection,
    prefix count: Int = .max
  ) {
    let (a, b) = (projection.picture(from), projection.picture(to))
    let copies = projection.copies
    let reach = copies.count > 1 ? projection.window : nil
    func isSeen(_ x: Double, _ y: Double) -> Bool {
      reach.map { $0.x.contains(x) && $0.y.contains(y) } ?? true
    }
    for j in 0..<min(from.count, to.count, count) {
      var (x, y) = (b[0, j], b[1, j])
      if copies.count > 1 {
        // The way on a repeated picture is the short one.
        x = a[0, j] + SquareProjection.wrapped(x - a[0, j])
        y = a[1, j] + SquareProjection.wrapped(y - a[1, j])
      }
      for shift in copies
      where isSeen(a[0, j] + shift.x, a[1, j] + shift.y) && isSeen(x + shift.x, y + shift.y) {
        line(
          axes, from: (a[0, j] + shift.x, a[1, j] + shift.y), to: (x + shift.x, y + shift.y))
      }
    }
  }
}
