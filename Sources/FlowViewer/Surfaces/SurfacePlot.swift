import FlowMatching
import TerminalCanvas

/// How the particles on a surface are coloured, and what else is drawn.
struct SurfaceLook: Sendable {
  /// What the colour of a particle means.
  enum Colouring: Sendable {
    /// The density around it, in units of uniform.
    case density
    /// The mean of such numbers in a cell, through a function to a style.
    case mean([Double], @Sendable (Double) -> Style)
    /// The mean of such angles in a cell, in turns.
    case hue([Double])
    case uniform(Style)
  }

  var colouring = Colouring.density
  /// How far particles move towards the background.
  var fade = 0.0
  /// How much lighter the target's part of the surface is; 0 where it is not shown.
  var tint = 0.10
  var glows = true
  /// A colour of the surface itself by a place of the chart, and how much of it there is; in place of the
  /// glow.
  var skin: (@Sendable (SIMD2<Double>) -> (color: SurfaceColor, amount: Float)?)?
  var showsParticles = true
  /// Whether the graticule, or the cuts, and the target's edge are drawn.
  var showsLines = true
  var showsEdge = true
}

/// Draws particles on a surface: light, target, glow, lines, particles, in this order.
struct SurfacePlot {
  let theme: Theme
  let projection: any Projection
  let space: any PicturedSpace
  let target: SurfaceTarget
  let axes: PlotAxes

  /// Begins a picture with everything up to the particles.
  func canvas(
    _ points: Batch, _ look: SurfaceLook, plots: inout PlotCache
  ) -> SurfaceCanvas {
    var canvas = SurfaceCanvas(theme: theme, axes: axes)
    guard !axes.rect.isEmpty else { return canvas }
    let raster = plots.surfaces.raster(projection, axes)
    let counted = plots.surfaces.counted(points, on: space, target)
    if theme.showsSurfaces {
      paint(raster, counted, look, on: &canvas)
    } else {
      canvas.put(outline(raster), theme.style(.ghost))
    }
    if look.showsLines, !space.linesAreCuts { canvas.put(lines, theme.style(.ghost)) }
    if look.showsEdge || !theme.showsSurfaces && look.skin == nil, look.tint > 0 {
      canvas.put(edge(raster), theme.faded(theme.style(.hint), 0.1))
    }
    if look.showsParticles { put(points, counted, look, raster, plots: &plots, on: &canvas) }
    if look.showsLines, space.linesAreCuts { canvas.put(lines, theme.style(.label)) }
    return canvas
  }

  /// Light, target and glow.
  private func paint(
    _ raster: SurfaceRaster, _ counted: SurfaceCache.Counted, _ look: SurfaceLook,
    on canvas: inout SurfaceCanvas
  ) {
    let (shades, glows) = (theme.bodyShades, theme.glows)
    let ground = theme.surfaceBackground
    let turn = projection.turn
    let isPlain = projection.shading == .plane
    for (index, half) in raster.halves.enumerated() {
      if half.cover == 0 {
        if half.air > 0.06 { canvas.paint(index, theme.aired(ground, by: Double(half.air))) }
        continue
      }
      let place = SIMD2(SurfaceChart.unit(Double(half.u) + turn), Double(half.v))
      let light = Int(saturating: Double((half.light * 63).rounded()))
      let base = isPlain ? ground : shades[light]
      var color = base
      let lit = isPlain ? 1 : 0.45 + 0.55 * Double(half.light)
      if look.tint > 0 {
        let strength = target.strength(place.x, place.y)
        if strength > 0 { color = theme.raised(color, by: look.tint * strength * lit) }
      }
      let dimming = projection.dimming(of: half)
      if let skin = look.skin {
        if let (paint, amount) = skin(place) {
          color += (paint * Float(isPlain ? 1 : 0.5 + 0.5 * Double(half.light)) - color) * amount
        }
      } else if look.glows {
        let glow = glows[
          Int(saturating: Double((counted.levels[counted.grid.cell(place)] * 63).rounded()))]
        // Around the square the copies glow a third as much.
        let share = isPlain && dimming < 1 ? 0.8 : 1
        color += (glow.color - color) * (glow.amount * Float(lit * share))
      }
      if dimming < 1 { color = ground + (color - ground) * Float(dimming) }
      if half.cover < 1 {
        let outside = half.air > 0.06 ? theme.aired(ground, by: Double(half.air)) : ground
        color = outside + (color - outside) * half.cover
      }
      if isPlain, color == ground { continue }
      canvas.paint(index, color)
    }
  }

  /// The dots of the body that have none beside them.
  private func outline(_ raster: SurfaceRaster) -> DotGrid {
    guard projection.shading != .plane else { return DotGrid(axes.rect.size) }
    return borders(raster) { $0.u >= 0 }
  }

  /// The dots of the edge of the places that are inside something.
  func contour(
    plots: inout PlotCache, _ contains: (SIMD2<Double>) -> Bool
  ) -> DotGrid {
    let turn = projection.turn
    return borders(plots.surfaces.raster(projection, axes), isWithin: true) {
      $0.u >= 0 && contains(SIMD2(SurfaceChart.unit(Double($0.u) + turn), Double($0.v)))
    }
  }

  /// The dots of the target's edge.
  private func edge(_ raster: SurfaceRaster) -> DotGrid {
    let turn = projection.turn
    return borders(raster, isWithin: true) {
      $0.u >= 0 && target.contains(SurfaceChart.unit(Double($0.u) + turn), Double($0.v))
    }
  }

  /// Dots inside that have one outside beside them; where `isWithin`, beyond the body is not outside.
  private func borders(
    _ raster: SurfaceRaster, isWithin: Bool = false, _ contains: (SurfaceRaster.Dot) -> Bool
  ) -> DotGrid {
    var grid = DotGrid(axes.rect.size)
    let (width, height) = (grid.width, grid.height)
    let inside = raster.dots.map(contains)
    func isOutside(_ x: Int, _ y: Int) -> Bool {
      guard x >= 0, y >= 0, x < width, y < height else { return !isWithin }
      let index = y * width + x
      return !inside[index] && (!isWithin || raster.dots[index].u >= 0)
    }
    for y in 0..<height {
      for x in 0..<width where inside[y * width + x] {
        if isOutside(x - 1, y) || isOutside(x + 1, y) || isOutside(x, y - 1) || isOutside(x, y + 1)
        {
          grid.set(x, y)
        }
      }
    }
    return grid
  }

  /// The lines of the space, every second dot of them.
  private var lines: DotGrid {
    var grid = DotGrid(axes.rect.size)
    let limit = 4 * Double(max(grid.width, grid.height))
    let copies = projection.copies
    for line in space.lines {
      let picture = projection.picture(line)
      for shift in copies { add(picture, shift, limit, isCopied: copies.count > 1, to: &grid) }
    }
    return grid
  }

  private func add(
    _ picture: Batch, _ shift: SIMD2<Double>, _ limit: Double, isCopied: Bool,
    to grid: inout DotGrid
  ) {
    var last: (x: Int, y: Int)?
    var count = 0
    for j in 0..<picture.count {
      let (px, py) = (picture[0, j] + shift.x, picture[1, j] + shift.y)
      if isCopied, max(abs(px), abs(py)) > .pi * 1.0001 { continue }
      let (x, y) = (axes.dotX(px), axes.dotY(py))
      // Written so that what is not a number fails.
      guard abs(x) < limit, abs(y) < limit else { continue }
      let dot = (x: Int(saturating: x.rounded(.down)), y: Int(saturating: y.rounded(.down)))
      if let last, last == dot { continue }
      last = dot
      count += 1
      if count % 2 == 0 { grid.set(dot.x, dot.y) }
    }
  }
}

extension SurfacePlot {
  /// The particles themselves.
  private func put(
    _ points: Batch, _ counted: SurfaceCache.Counted, _ look: SurfaceLook,
    _ raster: SurfaceRaster, plots: inout PlotCache, on canvas: inout SurfaceCanvas
  ) {
    let (picture, origins) = repeated(projection.picture(points, at: counted.places))
    let n = picture.count
    let (x, y) = (picture.values[0..<n], picture.values[n..<2 * n])
    func each(_ values: [Double]) -> ArraySlice<Double> {
      ArraySlice(origins?.map { values[$0] } ?? values)
    }
    switch look.colouring {
    case .density: plots.scatter.bin(x: x, y: y, axes: axes, values: each(counted.values))
    case .mean(let values, _): plots.scatter.bin(x: x, y: y, axes: axes, values: each(values))
    case .hue(let turns): plots.scatter.bin(x: x, y: y, axes: axes, hues: each(turns))
    case .uniform: plots.scatter.bin(x: x, y: y, axes: axes)
    }
    var known = [Style?](repeating: nil, count: 64 * (SurfacePlot.shades + 1))
    let columns = axes.rect.width
    for row in 0..<axes.rect.height {
      for column in 0..<columns {
        let pattern = plots.scatter.dots(column, row)
        guard pattern != 0 else { continue }
        let shade = shade(raster.halves[2 * row * columns + column])
        canvas.put(
          column, row, pattern, style(look, column, row, plots.scatter, shade: shade, &known))
      }
    }
  }

  /// The points with those of the picture's copies that are seen, and which point each is.
  private func repeated(_ picture: Batch) -> (Batch, [Int]?) {
    let copies = projection.copies
    guard copies.count > 1 else { return (picture, nil) }
    let (across, along) = (axes.xRange, axes.yRange)
    var (x, y, origins): ([Double], [Double], [Int]) = ([], [], [])
    let reach = projection.window
    for j in 0..<picture.count {
      for shift in copies {
        let (px, py) = (picture[0, j] + shift.x, picture[1, j] + shift.y)
        guard across.contains(px), along.contains(py) else { continue }
        if let reach, !(reach.x.contains(px) && reach.y.contains(py)) { continue }
        x.append(px)
        y.append(py)
        origins.append(j)
      }
    }
    return (Batch(dimension: 2, values: x + y), origins)
  }

  /// How bright particles are there, in so many steps so that few styles serve.
  private func shade(_ half: SurfaceRaster.Half) -> Int {
    let shade =
      projection.shading == .body
      ? 0.62 + 0.38 * Double(half.light) : projection.dimming(of: half)
    return Int(saturating: (min(1, max(0, shade)) * Double(SurfacePlot.shades)).rounded())
  }

  private static let shades = 16

  /// The style of a cell of particles; `known` has those that were made, level by level.
  private func style(
    _ look: SurfaceLook, _ column: Int, _ row: Int, _ scatter: ScatterDensity, shade: Int,
    _ known: inout [Style?]
  ) -> Style {
    let mean = scatter.mean(column, row)
    let fade = 1 - (1 - look.fade) * Double(shade) / Double(SurfacePlot.shades)
    func kept(_ level: Int, _ style: () -> Style) -> Style {
      let key = level * (SurfacePlot.shades + 1) + shade
      if let known = known[key] { return known }
      let made = theme.faded(style(), fade)
      known[key] = made
      return made
    }
    switch look.colouring {
    case .density:
      let level = Int(saturating: (min(1, max(0, mean)) * 63).rounded())
      return kept(level) { theme.densityStyle(Double(level) / 63) }
    case .mean(_, let style): return theme.faded(style(mean), fade)
    case .hue:
      let hue = Int(saturating: (scatter.hue(column, row) * 48).rounded())
      return kept(hue) { Style(foreground: theme.wheel(Double(hue) / 48)) }
    case .uniform(let style): return kept(0) { style }
    }
  }
}
