import FlowMatching
import TerminalCanvas

/// A minibatch's pairs as straight segments, as drawn and matched by optimal transport; the points
/// X_t on them at the present t.
struct CouplingPane: PlotPane {
  let theme: Theme

  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    if state.surface != nil {
      return SpaceCouplingPane(theme: theme).draw(state, plots: &plots, into: &screen, in: rect)
    }
    draw(state, plots: &plots, over: &screen, in: rect)
  }

  private func draw(
    _ state: AppState, plots: inout PlotCache, over screen: inout Screen, in rect: Rect
  ) {
    // Side by side where that leaves squares, else one above the other.
    let isWide = rect.width >= 40
    let halves = isWide ? rect.split(left: rect.width / 2) : rect.split(top: rect.height / 2)
    for (index, part) in [halves.first, halves.rest].enumerated() {
      draw(index, state, plots: &plots, into: &screen, in: part)
    }
  }

  private func draw(
    _ index: Int, _ state: AppState, plots: inout PlotCache, into screen: inout Screen,
    in rect: Rect
  ) {
    let inner = rect.inset(by: 1)
    let showsCells = index == 0 && state.showsTransport
    let matching = state.probes.pairs?.matchings[index]
    var labels: [Run] = []
    if showsCells {
      labels =
        state.transport?.plan.map { plan in
          [
            theme.run("cost ", .label),
            theme.run(NumberFormat.significant(plan.certificate.dual.mean), .value),
            theme.run("   ", .label), theme.run("\(plan.cells.count)", .value, bold: true),
            theme.run(" cells", .label),
          ]
        } ?? []
    } else if let matching {
      labels = [
        theme.run("cost ", .label), theme.run(NumberFormat.significant(matching.cost), .value),
        theme.run("   ", .label),
        theme.run(NumberFormat.grouped(matching.crossings), .value, bold: true),
        theme.run(" crossings", .label),
      ]
    }
    let viewport = state.window.viewports[state.lanes.focused]
    let axes = PlotAxes(
      rect: inner, x: viewport.range(state.xRange, shift: viewport.x),
      y: viewport.range(state.yRange, shift: viewport.y), cellAspect: state.window.cellAspect)
    Panel(
      title: showsCells ? "Laguerre cells" : index == 0 ? "independent" : "optimal transport",
      labels: labels,
      bottom: state.borderNumbers(axes), leftTicks: state.leftTicks(axes),
      isFocused: state.window.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty else { return }
    if showsCells {
      LaguerrePane(theme: theme).draw(state.transport, axes, plots: &plots, into: &screen)
      if state.look.appearance.showsAxes { axes.drawNumbers(into: &screen, theme: theme) }
      return
    }
    guard let pairs = state.probes.pairs, let matching else { return }
    if state.look.appearance.showsAxes { axes.drawGrid(into: &screen, theme: theme) }
    drawPairs(pairs, matching, axes, t: state.playback.clock.t, state, into: &screen)
    if state.look.appearance.showsAxes { axes.drawNumbers(into: &screen, theme: theme) }
  }

  private func drawPairs(
    _ pairs: PairSample, _ matching: PairSample.Matching, _ axes: PlotAxes, t: Double,
    _ state: AppState, into screen: inout Screen
  ) {
    var segments = DotGrid(axes.rect.size)
    var starts = segments
    var ends = segments
    for (j, k) in matching.partner.enumerated() {
      let from = (x: pairs.source[0, j], y: pairs.source[1, j])
      let to = (x: pairs.data[0, k], y: pairs.data[1, k])
      segments.line(axes, from: from, to: to)
      starts.line(axes, from: from, to: from)
      ends.line(axes, from: to, to: to)
    }
    for (grid, role) in [(segments, Role.raw), (starts, .lane2), (ends, .lane1)] {
      grid.draw(into: &screen, in: axes.rect, style: theme.style(role), glyphs: theme.glyphs)
    }
    let path = state.followedPath(at: t)
    let (a, s) = (path.alpha, path.sigma)
    // In few cells bullets would hide the rest.
    let isSmall = axes.rect.width < 40
    var present = DotGrid(axes.rect.size)
    for (j, k) in matching.partner.enumerated() {
      let x = a * pairs.data[0, k] + s * pairs.source[0, j]
      let y = a * pairs.data[1, k] + s * pairs.source[1, j]
      guard let cell = axes.cell(x: x, y: y) else { continue }
      if isSmall {
        present.line(axes, from: (x, y), to: (x, y))
      } else {
        screen.set(cell.column, cell.row, theme.glyphs.accepted, style: theme.style(.accent))
      }
    }
    present.draw(
      into: &screen, in: axes.rect, style: theme.style(.accent), glyphs: theme.glyphs)
  }
}
