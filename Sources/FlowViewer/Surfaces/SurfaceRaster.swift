import TerminalCanvas

/// What the dots and half cells of a plot show of a body: found once for a size and a tilt, whatever
/// happens on it and however far it has turned about its axis.
struct SurfaceRaster: Sendable {
  /// A half cell.
  struct Half: Sendable {
    /// The share of it that the body covers.
    var cover: Float = 0
    /// How bright the body is there, 0…1.
    var light: Float = 0
    /// How much of the thin light outside it has, 0…1.
    var air: Float = 0
    /// The place of the chart before the body turned.
    var u: Float = 0
    var v: Float = 0
    /// The vector from the middle of the body, where the projection knows one.
    var vector = SIMD3<Double>()
    /// Its middle in the picture.
    var x: Float = 0
    var y: Float = 0
  }

  /// The place of the chart that a dot shows; u below 0 where none.
  struct Dot: Sendable {
    var u: Float = -1
    var v: Float = 0
  }

  let axes: PlotAxes
  let shape: ProjectionShape
  /// Two for each cell, row after row.
  private(set) var halves: [Half]
  private(set) var dots: [Dot]

  init(_ axes: PlotAxes, _ projection: any Projection) {
    self.axes = axes
    shape = projection.shape
    let (columns, rows) = (axes.rect.width, axes.rect.height)
    halves = [Half](repeating: Half(), count: columns * 2 * rows)
    dots = [Dot](repeating: Dot(), count: 2 * columns * 4 * rows)
    for y in 0..<4 * rows {
      for x in 0..<2 * columns {
        let world = axes.world(dotX: Double(x) + 0.5, dotY: Double(y) + 0.5)
        guard let place = projection.surface(x: world.x, y: world.y) else { continue }
        dots[y * 2 * columns + x] = Dot(u: Float(place.u), v: Float(place.v))
      }
    }
    for half in 0..<2 * rows {
      for column in 0..<columns { fill(column, half, projection) }
    }
  }

  private mutating func fill(_ column: Int, _ half: Int, _ projection: any Projection) {
    let (columns, width) = (axes.rect.width, 2 * axes.rect.width)
    let index = half * columns + column
    let corner = (x: 2 * column, y: 2 * half)
    let middle = axes.world(dotX: Double(corner.x) + 1, dotY: Double(corner.y) + 1)
    (halves[index].x, halves[index].y) = (Float(middle.x), Float(middle.y))
    let covered = [0, 1, width, width + 1].count {
      dots[corner.y * width + corner.x + $0].u >= 0
    }
    if covered < 4, let halo = projection.halo(x: middle.x, y: middle.y) {
      halves[index].air = SurfaceRaster.air(halo)
    }
    guard covered > 0 else { return }
    var place = projection.surface(x: middle.x, y: middle.y)
    halves[index].cover = 1
    if covered < 4 {
      // An edge: sixteen samples tell its share.
      var hits = 0
      for k in 0..<16 {
        let world = axes.world(
          dotX: Double(corner.x) + (Double(k % 4) + 0.5) / 2,
          dotY: Double(corner.y) + (Double(k / 4) + 0.5) / 2)
        guard let hit = projection.surface(x: world.x, y: world.y) else { continue }
        hits += 1
        if place == nil { place = hit }
      }
      halves[index].cover = Float(hits) / 16
    }
    guard let place else { return }
    halves[index].light = Float(place.light)
    (halves[index].u, halves[index].v) = (Float(place.u), Float(place.v))
    halves[index].vector = place.vector
  }

  /// e^(−d/.035) on the lit side, less on the other.
  private static func air(_ halo: (distance: Double, x: Double, y: Double)) -> Float {
    let light = BodyLight.direction
    let flat = (light.x * light.x + light.y * light.y).squareRoot()
    let towards = (halo.x * light.x + halo.y * light.y) / flat
    let side = 0.25 + 0.75 * max(0, 0.5 + 0.5 * towards)
    return Float(side * SurfaceRaster.decay(max(0, halo.distance) / 0.035))
  }

  /// e^−x.
  private static func decay(_ x: Double) -> Double { x > 30 ? 0 : BackwardDensity.density(-x) }
}
