import FlowMatching
import TerminalCanvas

/// The model's log-density at t as a heat map, with lines that hold 50, 80 and 95 % of the mass.
struct DensityPane: Pane, PlotPane {
  let theme: Theme
  /// Nats from the last colour down to the first.
  static let depth = 7.5

  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    if state.surface != nil {
      return SpaceDensityPane(theme: theme).draw(state, plots: &plots, into: &screen, in: rect)
    }
    draw(state, into: &screen, in: rect)
  }

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let t = state.probes.shownDensity?.request.t ?? state.focusedLane.t
    let time = t == 1 ? "1" : NumberFormat.fixed(t, 2)
    PlotFrame(
      theme: theme, title: "density",
      heading: rect.width >= 44 ? [theme.run("log p at t = \(time)", .label)] : [],
      labels: labels(state, rect.width)
    ).draw(state, into: &screen, in: rect) { axes, inner, screen in
      let top = state.scene.peakLogDensity
      if let picture = state.probes.shownDensity, picture.request.grid.axes == axes {
        drawHeat(picture, top: top, into: &screen, in: axes.rect)
        drawContours(picture, top: top, into: &screen, in: axes.rect)
        drawCross(state, axes, into: &screen)
      }
      ColorBar.drawLogDensity(top: top, into: &screen, in: inner, theme: theme)
    }
  }

  private func labels(_ state: AppState, _ width: Int) -> [Run] {
    var runs: [Run] = []
    if width >= 70 {
      runs = [
        theme.run("contours hold ", .label), theme.run("50 · 80 · 95 %", .value),
        theme.run("   ", .label),
      ]
    }
    let integral = state.probes.shownDensity.map { NumberFormat.fixed($0.integral, 4) }
    return runs + [
      theme.run("∫p ", .label), theme.run(integral ?? NumberFormat.missing, .value, bold: true),
    ]
  }

  private func level(_ value: Float, _ top: Double) -> Double {
    min(1, max(0, (Double(value) - top) / DensityPane.depth + 1))
  }

  private func drawHeat(
    _ picture: DensityPicture, top: Double, into screen: inout Screen, in rect: Rect
  ) {
    let grid = picture.request.grid
    let paints = (0...64).map { theme.heat(Double($0) / 64) }
    func level(_ column: Int, _ half: Int) -> Double {
      self.level(grid.value(picture.logDensity, column: column, half: half), top)
    }
    HeatMap.draw(
      into: &screen, in: rect, theme: theme, level: { level($0, $1) },
      paint: { paints[Int(saturating: (level($0, $1) * 64).rounded())] })
  }

  /// Dots in white over the mean of what is behind them.
  private func drawContours(
    _ picture: DensityPicture, top: Double, into screen: inout Screen, in rect: Rect
  ) {
    guard let dots = picture.contours, dots.columns == rect.width, dots.rows == rect.height,
      theme.glyphs == .braille
    else { return }
    for row in 0..<rect.height {
      for column in 0..<rect.width {
        let bits = dots.pattern(column, row)
        guard bits != 0 else { continue }
        screen.set(
          rect.x + column, rect.y + row, theme.glyphs.pattern(bits),
          style: theme.overHeat(ground(picture, top, column, row)))
      }
    }
  }

  private func ground(
    _ picture: DensityPicture, _ top: Double, _ column: Int, _ row: Int
  ) -> Paint? {
    guard theme.depth != .mono, theme.glyphs == .braille else { return nil }
    let value = picture.request.grid.value(
      picture.logDensity, dotX: Double(2 * column + 1), dotY: Double(4 * row + 2))
    return theme.heat(level(value, top))
  }

  private func drawCross(_ state: AppState, _ axes: PlotAxes, into screen: inout Screen) {
    guard let picture = state.probes.shownDensity,
      let cell = axes.cell(x: state.probes.cross.x, y: state.probes.cross.y)
    else { return }
    let paint = ground(
      picture, state.scene.peakLogDensity, cell.column - axes.rect.x,
      cell.row - axes.rect.y)
    screen.set(
      cell.column, cell.row, theme.glyphs == .braille ? "┼" : "+",
      style: theme.overHeat(paint).bold)
  }
}

extension ColorBar {
  /// Draws the bar of log-densities down from `top`, in nats, at the right of a plot that has room for it.
  static func drawLogDensity(
    top: Double, into screen: inout Screen, in inner: Rect, theme: Theme
  ) {
    guard inner.width >= 40, inner.height >= 12 else { return }
    let first = Int(saturating: top.rounded(.down))
    let marks = stride(from: first, to: first - 8, by: -2).compactMap { value -> ColorBar.Mark? in
      let level = (Double(value) - top) / DensityPane.depth + 1
      return level >= 0
        ? ColorBar.Mark(level: level, label: NumberFormat.fixed(Double(value), 0)) : nil
    }
    var bar = ColorBar(marks: marks) { theme.heat($0) ?? Paint(theme.backgroundColor) }
    bar.caption = "log p"
    bar.draw(into: &screen, in: inner.split(right: AppState.barColumns - 1).first, theme: theme)
  }
}
