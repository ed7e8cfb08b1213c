import FlowMatching
import TerminalCanvas

/// A grid of the source carried through ψ_t, each stroke in the colour of ln|det ∂ψ_t|.
struct WarpPane: PlotPane {
  let theme: Theme
  /// The greatest |ln det| of the scale: a factor of e⁴ in area.
  static let greatest = 4.0
  /// Strokes of one colour are drawn together.
  private static let classes = 9

  func draw(_ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect) {
    let warped = state.warped
    PlotFrame(
      theme: theme, title: "warp",
      heading: rect.width >= 50 ? [theme.run("a grid of the source through ψ_t", .label)] : [],
      labels: labels(warped, rect.width)
    ).draw(state, into: &screen, in: rect) { axes, inner, screen in
      drawTarget(state, axes, plots: &plots, into: &screen)
      if let warped { drawLines(warped, axes, into: &screen) }
      drawBar(into: &screen, in: inner)
    }
  }

  private func labels(_ warped: (points: Batch, logDeterminants: [Double])?, _ width: Int) -> [Run]
  {
    let values = warped?.logDeterminants.filter(\.isFinite) ?? []
    guard let least = values.min(), let most = values.max() else { return [] }
    return [
      theme.run("ln det ", .label), theme.run(NumberFormat.fixed(least, 1), .value),
      theme.run(" … ", .label), theme.run(NumberFormat.fixed(most, 1), .value),
    ]
  }

  private func drawTarget(
    _ state: AppState, _ axes: PlotAxes, plots: inout PlotCache, into screen: inout Screen
  ) {
    let backdrop = plots.backdrop(state, axes: axes)
    plots.scatter.bin(x: [], y: [], axes: axes)
    plots.scatter.draw(
      into: &screen, axes: axes, theme: theme, look: ScatterLook(maximum: 1, glows: false),
      target: backdrop.mask)
  }

  private func drawLines(
    _ warped: (points: Batch, logDeterminants: [Double]), _ axes: PlotAxes,
    into screen: inout Screen
  ) {
    let (points, logs) = warped
    var grids = [DotGrid](repeating: DotGrid(axes.rect.size), count: WarpPane.classes)
    let middle = Double(WarpPane.classes / 2)
    for line in 0..<2 * WarpGrid.lines {
      let first = line * WarpGrid.pointsPerLine
      for j in first..<first + WarpGrid.pointsPerLine - 1 {
        let value = (logs[j] + logs[j + 1]) / 2
        guard value.isFinite else { continue }
        let level = min(1, max(-1, value / WarpPane.greatest))
        grids[Int(saturating: (middle + middle * level).rounded())].line(
          axes, from: (points[0, j], points[1, j]), to: (points[0, j + 1], points[1, j + 1]))
      }
    }
    // The strongest last: where lines meet, what is torn or squeezed counts.
    let order = grids.indices.sorted { abs(Double($0) - middle) < abs(Double($1) - middle) }
    var all = DotGrid(axes.rect.size)
    for grid in grids { all.formUnion(grid) }
    for index in order {
      let style = theme.stroke((Double(index) - middle) / middle)
      for row in 0..<all.rows {
        for column in 0..<all.columns where grids[index].pattern(column, row) != 0 {
          screen.set(
            axes.rect.x + column, axes.rect.y + row, theme.glyphs.pattern(all.pattern(column, row)),
            style: style)
        }
      }
    }
  }

  private func drawBar(into screen: inout Screen, in inner: Rect) {
    guard inner.width >= 40, inner.height >= 12 else { return }
    let theme = theme
    ColorBar(
      marks: [(-4, "−4"), (-2, "−2"), (0, "0"), (2, "2"), (4, "4")].map {
        ColorBar.Mark(level: ($0.0 / WarpPane.greatest + 1) / 2, label: $0.1)
      }
    ) { theme.stroke(2 * $0 - 1).foreground }
    .draw(into: &screen, in: inner.split(right: AppState.barColumns - 1).first, theme: theme)
  }
}
