import FlowMatching
import TerminalCanvas

/// How many particles are where the data is, over t; and how many uniform noise has there.
struct SupportPane: CachingPane {
  let theme: Theme

  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    guard let surface = state.surface else {
      Panel(title: "on target").draw(into: &screen, in: rect, theme: theme)
      return
    }
    let floor = 100 * surface.target.share
    let points = state.probes.support.points.map { ChartPoint(x: $0.t, y: 100 * $0.share) }
    let t = state.focusedLane.t
    let isWide = rect.width >= 30
    let now = plots.surfaces.counted(
      state.focusedLane.positions, on: surface.space, surface.target
    ).share
    var labels = [theme.run(NumberFormat.fixed(100 * now, 0), .value, bold: true)]
    if isWide, let end = points.last, end.x == 1 {
      labels += [
        theme.run("  end ", .label), theme.run(NumberFormat.fixed(end.y, 0), .value),
      ]
    }
    Chart(
      series: points.isEmpty ? [] : [ChartSeries(points)],
      floors: [ChartFloor(floor, note: "noise \(NumberFormat.fixed(floor, 1)) %")],
      cursor: t, cursorRole: .accent, xRange: 0...1, yRange: 0...100
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: surface.target.words,
        heading: [theme.run(rect.width >= 44 ? "% over t" : "%", .label)],
        labels: labels, isFocused: state.window.focusedPane == .support), theme: theme)
  }
}

/// −log p of data over training, with its floor and what the uniform distribution has.
struct SpaceLikelihoodPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    guard let surface = state.surface else {
      Panel(title: "NLL").draw(into: &screen, in: rect, theme: theme)
      return
    }
    let axis = TrainingAxis(state)
    let uniform = SpaceLikelihood.uniform(surface.space)
    let floor = state.dataset.entropyFloor
    let points = state.probes.spaceLikelihood.history.map {
      ChartPoint(x: Double(max(1, $0.step)), y: $0.value)
    }
    let low = min(floor ?? uniform - 1, points.map(\.y).min() ?? uniform)
    let high = max(uniform, points.map(\.y).max() ?? uniform)
    let margin = 0.08 * max(0.1, high - low)
    var labels = [
      theme.run(
        state.spaceNLL.map { NumberFormat.fixed($0, 3) } ?? NumberFormat.missing, .value,
        bold: true)
    ]
    var floors = [
      ChartFloor(uniform, note: "uniform \(NumberFormat.fixed(uniform, 3))", role: .hint)
    ]
    if let floor {
      if rect.width >= 30 {
        labels += [
          theme.run("  floor ", .label),
          theme.run(NumberFormat.fixed(floor, 3), .floor, bold: true),
        ]
      }
      floors.append(ChartFloor(floor))
    }
    Chart(
      series: points.isEmpty ? [] : [ChartSeries(points)], floors: floors,
      cursor: state.travelCursor, cursorRole: .accent, xRange: axis.range, xScale: axis.scale,
      yRange: low - margin...high + margin
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "NLL", heading: rect.width >= 40 ? [theme.run("nats", .label)] : [],
        labels: labels, isFocused: state.window.focusedPane == .spaceLikelihood), theme: theme)
  }
}
