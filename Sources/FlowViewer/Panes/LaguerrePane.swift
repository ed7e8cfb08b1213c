import FlowMatching
import TerminalCanvas

/// The cells of a semidiscrete transport over the source, each in a colour of its own, with its point and a line
/// from the middle of the cell to it.
struct LaguerrePane {
  let theme: Theme
  /// Beyond so many cells lines would hide them.
  private static let mostLines = 160
  /// Dots of one hue are drawn together.
  private static let hues = 24

  /// Draws what is known of them on axes.
  func draw(
    _ study: TransportStudy?, _ axes: PlotAxes, plots: inout PlotCache, into screen: inout Screen
  ) {
    guard let study, let plan = study.plan else {
      let words = study.map { "learning the cells: \($0.learning.stage)" } ?? "learning the cells …"
      let inner = axes.rect
      for (row, line) in Paragraph.lines(words, width: max(1, inner.width - 4)).enumerated() {
        screen.write(
          [theme.run(line, .hint)], x: inner.x + 2, y: inner.y + inner.height / 2 + row,
          clip: inner)
      }
      return
    }
    let cells = plots.cells(of: study, axes)
    let turns = LaguerrePane.turns(plan)
    var canvas = SurfaceCanvas(theme: theme, axes: axes)
    if theme.showsSurfaces { paint(&canvas, cells, turns, axes) }
    drawEdges(&canvas, cells, axes)
    drawLines(&canvas, study, plan, turns, axes)
    canvas.flush(into: &screen)
  }

  /// The hue of every cell: where its point lies around the mean of all.
  private static func turns(_ plan: SemidiscretePlan) -> [Double] {
    let (points, mean) = (plan.cells.target.points, plan.cells.mean)
    return (0..<points.count).map {
      Angle.turns(x: points[0, $0] - mean[0], y: points[1, $0] - mean[1])
    }
  }

  /// How strongly a cell is coloured: neighbours of one hue differ.
  private static func strength(_ cell: Int) -> Double {
    let golden = Double(cell) * 0.618_033_988_749_895
    return 0.26 + 0.3 * (golden - golden.rounded(.down))
  }

  private func paint(
    _ canvas: inout SurfaceCanvas, _ cells: [Int], _ turns: [Double], _ axes: PlotAxes
  ) {
    let ground = theme.surfaceBackground
    let colours = turns.enumerated().map { cell, turns in
      theme.hue(turns) * Float(LaguerrePane.strength(cell))
        + ground * Float(1 - LaguerrePane.strength(cell))
    }
    let columns = axes.rect.width
    for half in 0..<2 * columns * axes.rect.height {
      let place = axes.world(
        dotX: Double(2 * (half % columns)) + 1, dotY: Double(2 * (half / columns)) + 1)
      // The source is dense in the middle: there its cells glow, where hardly a draw falls they fade.
      let square = place.x * place.x + place.y * place.y
      let light = Float(0.22 + 0.78 * max(0, 1 - square / 10))
      canvas.paint(half, colours[cells[half]] * light + ground * (1 - light))
    }
  }

  /// Without colours behind the dots, where one cell ends and another begins.
  private func drawEdges(_ canvas: inout SurfaceCanvas, _ cells: [Int], _ axes: PlotAxes) {
    guard !theme.showsSurfaces else { return }
    var grid = DotGrid(axes.rect.size)
    let (columns, rows) = (axes.rect.width, 2 * axes.rect.height)
    for row in 0..<rows - 1 {
      for column in 0..<columns - 1 {
        let own = cells[row * columns + column]
        if cells[row * columns + column + 1] != own || cells[(row + 1) * columns + column] != own {
          grid.set(2 * column + 1, 2 * row + 1)
        }
      }
    }
    canvas.put(grid, theme.style(.grid))
  }

  private func drawLines(
    _ canvas: inout SurfaceCanvas, _ study: TransportStudy, _ plan: SemidiscretePlan,
    _ turns: [Double], _ axes: PlotAxes
  ) {
    let points = plan.cells.target.points
    var lines = [DotGrid](repeating: DotGrid(axes.rect.size), count: LaguerrePane.hues)
    var dots = DotGrid(axes.rect.size)
    for (cell, mean) in study.means.enumerated() {
      let end = (x: points[0, cell], y: points[1, cell])
      let (x, y) = (
        Int(saturating: axes.dotX(end.x).rounded(.down)),
        Int(saturating: axes.dotY(end.y).rounded(.down))
      )
      dots.set(x, y)
      dots.set(x + 1, y)
      dots.set(x, y + 1)
      dots.set(x + 1, y + 1)
      guard points.count <= LaguerrePane.mostLines, let mean else { continue }
      let hue = Int(saturating: (turns[cell] * Double(LaguerrePane.hues)).rounded())
      lines[(hue % LaguerrePane.hues + LaguerrePane.hues) % LaguerrePane.hues].line(
        axes, from: mean, to: end)
    }
    for (hue, grid) in lines.enumerated() {
      canvas.put(
        grid, Style(foreground: theme.wheel(Double(hue) / Double(LaguerrePane.hues))))
    }
    canvas.put(dots, theme.style(.title))
  }
}

extension PlotCache {
  /// The cell of every half of a terminal's cell; found anew only where the window or the transport changes.
  mutating func cells(of study: TransportStudy, _ axes: PlotAxes) -> [Int] {
    let axes = axes.atOrigin
    if let known = laguerre, known.key == study.key, known.axes == axes { return known.cells }
    guard let plan = study.plan else { return [] }
    let (columns, rows) = (axes.rect.width, 2 * axes.rect.height)
    var places = Batch(dimension: 2, count: columns * rows)
    for half in 0..<columns * rows {
      let place = axes.world(
        dotX: Double(2 * (half % columns)) + 1, dotY: Double(2 * (half / columns)) + 1)
      places[0, half] = place.x
      places[1, half] = place.y
    }
    let cells = plan.cells.cells(of: places)
    laguerre = (study.key, axes, cells)
    return cells
  }
}
