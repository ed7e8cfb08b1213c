import FlowMatching
import TerminalCanvas

/// The plane of observations: simulations faintly, the observation whose posterior is shown as a cross.
struct ObservationPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    guard let observing = state.observing else { return }
    let axes = observing.axes(in: rect.inset(by: 1))
    let isFocused = state.window.focusedPane == .observation
    // A number that is cut is another one.
    let words = [observing.words, observing.numbers].first {
      CellText.columns($0) <= rect.width - 19
    }
    let inner = Panel(
      title: "observation", heading: [theme.run(words ?? "", .value)],
      labels: rect.width >= 46
        ? [theme.run(isFocused ? "H J K L move it" : "click, or Tab and H J K L", .hint)] : [],
      isFocused: isFocused
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty else { return }
    let points = observing.simulated
    var grid = DotGrid(axes.rect.size)
    for j in 0..<points.count {
      grid.mark(axes, points[0, j], points.dimension > 1 ? points[1, j] : 0)
    }
    grid.draw(into: &screen, in: axes.rect, style: theme.style(.ghost), glyphs: theme.glyphs)
    drawNames(observing, into: &screen, in: inner)
    let place = observing.place
    var cross = DotGrid(axes.rect.size)
    let (x, y) = (axes.dotX(place.x), axes.dotY(place.y))
    for k in -4...4 where abs(k) > 1 {
      cross.set(Int(saturating: x) + k, Int(saturating: y))
      cross.set(Int(saturating: x), Int(saturating: y) + k)
    }
    cross.draw(into: &screen, in: axes.rect, style: theme.style(.accent), glyphs: theme.glyphs)
    if let cell = axes.cell(x: place.x, y: place.y) {
      screen.set(cell.column, cell.row, theme.glyphs.bullet, style: theme.style(.accent))
    }
  }

  /// Which column goes to the right, and which up.
  private func drawNames(_ observing: Observing, into screen: inout Screen, in inner: Rect) {
    let width = inner.width / 2
    screen.write(
      [theme.run(CellText.truncated(observing.columns[0].name, to: width) + " →", .label)],
      endingAt: inner.maxX - 2, y: inner.maxY - 1, clip: inner)
    guard observing.columns.count > 1 else { return }
    screen.write(
      [theme.run("↑ " + CellText.truncated(observing.columns[1].name, to: width), .label)],
      x: inner.x + 1, y: inner.y, clip: inner)
  }
}

/// The exact posterior of the observation on show, as large as it can be; or why there is none.
struct ExactPosteriorPane: CachingPane {
  let theme: Theme

  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    guard let observing = state.observing else { return }
    let points = observing.exact.map(state.projection.picture)
    let axes = points.map {
      PlotAxes(
        rect: rect.inset(by: 1), x: range($0, row: 0), y: range($0, row: 1),
        cellAspect: state.window.cellAspect)
    }
    let inner = Panel(
      title: "exact posterior",
      labels: points.flatMap {
        rect.width < 40
          ? nil : [theme.run(NumberFormat.grouped($0.count), .value), theme.run(" draws", .label)]
      } ?? [],
      bottom: axes.map(state.borderNumbers) ?? [], leftTicks: axes.map(state.leftTicks) ?? [],
      isFocused: state.window.focusedPane == .exactPosterior
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty else { return }
    guard let points, let axes else {
      screen.write(
        [theme.run("not known of a file", .hint)], x: inner.x + 1, y: inner.y, clip: inner)
      return
    }
    if state.look.appearance.showsAxes { axes.drawGrid(into: &screen, theme: theme) }
    let n = points.count
    plots.scatter.bin(x: points.values[0..<n], y: points.values[n..<2 * n], axes: axes)
    let look = ScatterLook(maximum: max(1, 0.7 * plots.scatter.peak()))
    plots.scatter.draw(into: &screen, axes: axes, theme: theme, look: look)
    if state.look.appearance.showsAxes { axes.drawNumbers(into: &screen, theme: theme) }
  }

  /// All of a row with a margin.
  private func range(_ points: Batch, row: Int) -> ClosedRange<Double> {
    let values = points.values[row * points.count..<(row + 1) * points.count]
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let margin = 0.06 * (high - low)
    return low - margin...high + margin
  }
}

extension DotGrid {
  /// Sets the dot of a place, where it is in the window.
  mutating func mark(_ axes: PlotAxes, _ x: Double, _ y: Double) {
    let (column, row) = (axes.dotX(x), axes.dotY(y))
    let limit = 4 * Double(max(width, height))
    // Written so that what is not a number fails.
    guard abs(column) < limit, abs(row) < limit else { return }
    set(Int(saturating: column.rounded(.down)), Int(saturating: row.rounded(.down)))
  }
}
