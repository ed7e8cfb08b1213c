/// The region that holds most of the target's mass, on the dots of a window: a silhouette for the
/// background and an outline.
public struct TargetMask: Sendable {
  /// The cells that it covers.
  public let size: Size
  /// How strongly each cell belongs to the region, 0…1, softened over about one cell.
  public let strength: [Float]
  /// The dots of the region's edge.
  public let outline: DotGrid

  /// The smallest region of `axes` that holds the share `mass` of a density, given by its log up to
  /// a constant and evaluated at every dot.
  public init(
    axes: PlotAxes, mass: Double = 0.95, logDensity: (_ x: Double, _ y: Double) -> Double
  ) {
    self.init(axes: axes, mass: mass) { (xs: [Double], y: Double) in xs.map { logDensity($0, y) } }
  }

  /// The same for a density that is given for all dots `xs` of a row at once: a large window has
  /// half a million dots.
  public init(
    axes: PlotAxes, mass: Double = 0.95, rowLogDensity: (_ xs: [Double], _ y: Double) -> [Double]
  ) {
    let width = 2 * axes.rect.width
    let height = 4 * axes.rect.height
    var logs = [Double](repeating: -.infinity, count: width * height)
    let xs = (0..<width).map { axes.world(dotX: Double($0) + 0.5, dotY: 0).x }
    for row in 0..<height {
      let y = axes.world(dotX: 0, dotY: Double(row) + 0.5).y
      for (column, value) in rowLogDensity(xs, y).enumerated() where value.isFinite {
        logs[row * width + column] = value
      }
    }
    let greatest = logs.max() ?? 0
    let density = logs.map { Float(Elementary.exp($0 - greatest)) }
    self.init(size: axes.rect.size, density: density, weights: density, mass: mass)
  }

  /// The region that holds the share `mass` of samples, by their density blurred over `blur` dots;
  /// 10⁴ samples and more give a smooth edge.
  public init(
    axes: PlotAxes, x: ArraySlice<Double>, y: ArraySlice<Double>, mass: Double = 0.95,
    blur: Double = 2.6
  ) {
    precondition(x.count == y.count, "every sample has an x and a y")
    let width = 2 * axes.rect.width
    let height = 4 * axes.rect.height
    var counts = [Float](repeating: 0, count: width * height)
    let shift = y.startIndex - x.startIndex
    for i in x.indices {
      let dx = axes.dotX(x[i])
      let dy = axes.dotY(y[i + shift])
      guard dx >= 0, dy >= 0, dx < Double(width), dy < Double(height) else { continue }
      counts[Int(dy) * width + Int(dx)] += 1
    }
    var density: [Float] = []
    var filter = GaussianBlur(sigmaX: blur, sigmaY: blur)
    filter.apply(counts, width: width, height: height, into: &density)
    self.init(size: axes.rect.size, density: density, weights: counts, mass: mass)
  }

  /// Dots belong to the region from the highest density down until their weights hold `mass`.
  private init(size: Size, density: [Float], weights: [Float], mass: Double) {
    self.size = size
    // What is a billion times thinner than the peak carries nothing, and most of a window is.
    let least = 1e-9 * (density.max() ?? 0)
    let order = density.indices.filter { weights[$0] > 0 && density[$0] > least }
      .sorted { density[$0] > density[$1] }
    let total = order.reduce(0.0) { $0 + Double(weights[$1]) }
    var threshold = Float.infinity
    var sum = 0.0
    for i in order where sum < mass * total {
      sum += Double(weights[i])
      threshold = density[i]
    }
    let inside = density.map { $0 >= threshold && $0 > 0 }
    outline = TargetMask.edge(of: inside, size: size)
    strength = TargetMask.softened(inside, size: size)
  }

  private static func edge(of inside: [Bool], size: Size) -> DotGrid {
    var grid = DotGrid(size)
    let width = grid.width
    let height = grid.height
    for y in 0..<height {
      for x in 0..<width where inside[y * width + x] {
        // The window's own edge is no edge of the region.
        let open =
          (x > 0 && !inside[y * width + x - 1]) || (x + 1 < width && !inside[y * width + x + 1])
          || (y > 0 && !inside[(y - 1) * width + x])
          || (y + 1 < height && !inside[(y + 1) * width + x])
        if open { grid.set(x, y) }
      }
    }
    return grid
  }

  private static func softened(_ inside: [Bool], size: Size) -> [Float] {
    let width = 2 * size.columns
    var cover = [Float](repeating: 0, count: size.columns * size.rows)
    for (i, isInside) in inside.enumerated() where isInside {
      cover[(i / width / 4) * size.columns + i % width / 2] += 1 / 8
    }
    var filter = GaussianBlur(sigmaX: 0.8, sigmaY: 0.4)
    var result: [Float] = []
    filter.apply(cover, width: size.columns, height: size.rows, into: &result)
    return result
  }
}
