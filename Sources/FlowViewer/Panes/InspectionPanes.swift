import FlowMatching
import TerminalCanvas

/// The followed particle over the plot: its way, where it may end, itself.
struct InspectionLayer {
  let theme: Theme

  func draw(_ state: AppState, axes: PlotAxes, into screen: inout Screen) {
    guard let index = state.followed else { return }
    let projection = state.projection
    let now = projection.place(state.focusedLane.positions, index)
    drawRays(state, lane: state.lanes.focused, from: now, axes, into: &screen)
    drawChords(state, axes, into: &screen)
    let t = state.focusedLane.t
    let moments = state.particles.shownInspection?.moments ?? []
    var (past, future) = (DotGrid(axes.rect.size), DotGrid(axes.rect.size))
    for (a, b) in zip(moments, moments.dropFirst()) {
      let (from, to) = (Batch(points: [a.point]), Batch(points: [b.point]))
      if b.t <= t + 1e-9 {
        past.segments(axes, from: from, to: to, through: projection)
      } else {
        future.segments(axes, from: from, to: to, through: projection)
      }
    }
    let style = theme.style(.lane4)
    future.draw(
      into: &screen, in: axes.rect, style: theme.faded(style, 0.5), glyphs: theme.glyphs)
    past.draw(into: &screen, in: axes.rect, style: style.bold, glyphs: theme.glyphs)
    if let start = moments.first {
      let place = projection.place(Batch(points: [start.point]), 0)
      if let cell = axes.cell(x: place.x, y: place.y) {
        screen.set(cell.column, cell.row, "o", style: style)
      }
    }
    if let cell = axes.cell(x: now.x, y: now.y) {
      screen.set(cell.column, cell.row, theme.glyphs.bullet, style: style.bold)
    }
  }

  /// Of a flow map the chord of each jump, and the path of its velocity ū(x, t, t).
  private func drawChords(_ state: AppState, _ axes: PlotAxes, into screen: inout Screen) {
    guard let way = state.particles.shownInspection, !way.path.isEmpty else { return }
    let projection = state.projection
    for (points, role) in [(way.path, Role.floor), (way.chords, .accent)] {
      var dots = DotGrid(axes.rect.size)
      for (a, b) in zip(points, points.dropFirst()) {
        dots.segments(axes, from: Batch(points: [a]), to: Batch(points: [b]), through: projection)
      }
      dots.draw(into: &screen, in: axes.rect, style: theme.style(role), glyphs: theme.glyphs)
    }
  }

  /// A ray to every component that X₁ may belong to, brighter the more probable it is.
  func drawRays(
    _ state: AppState, lane: Int, from now: (x: Double, y: Double), _ axes: PlotAxes,
    into screen: inout Screen
  ) {
    let ends = state.posterior(x: now.x, y: now.y, lane: lane) ?? []
    for end in ends.reversed() where end.weight >= 0.02 {
      var grid = DotGrid(axes.rect.size)
      grid.line(axes, from: now, to: (end.x, end.y))
      let fade = 0.85 * (1 - end.weight.squareRoot())
      grid.draw(
        into: &screen, in: axes.rect, style: theme.faded(theme.style(.floor), fade),
        glyphs: theme.glyphs)
    }
  }
}

/// The followed particle in numbers.
struct ParticlePane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    guard let index = state.followed else {
      Panel(title: "particle").draw(into: &screen, in: rect, theme: theme)
      return
    }
    let bullet = String(Character(theme.glyphs.bullet))
    let inner = Panel(
      heading: [
        theme.run(bullet + " ", .lane4), theme.run("particle ", .lane4, bold: true),
        theme.run(NumberFormat.grouped(index + 1), .value),
      ],
      labels: [
        theme.run("f", .key), theme.run(" next   ", .hint), theme.run("Esc", .key),
        theme.run(" lets go", .hint),
      ], isFocused: state.window.focusedPane == .particle
    ).draw(into: &screen, in: rect, theme: theme)
    let lines = lines(state, index, width: inner.width)
    for (row, line) in lines.enumerated() where row < inner.height {
      screen.write([theme.run(line.0, .label)], x: inner.x + 2, y: inner.y + row, clip: inner)
      screen.write(
        line.1, x: inner.x + (inner.width >= 40 ? 17 : 12), y: inner.y + row, clip: inner)
    }
  }

  private func lines(_ state: AppState, _ index: Int, width: Int) -> [(String, [Run])] {
    let now = state.focusedLane.positions.point(index)
    let here = [("x now", [place(state, now)])]
    guard let way = state.particles.shownInspection else { return here }
    return here + lines(state, way, width: width) + lines(state, at: now, isNarrow: width < 40)
  }

  private func place(_ state: AppState, _ point: [Double], _ decimals: Int = 2) -> Run {
    if let space = state.experiment.picturedSpace { return theme.run(space.words(point), .value) }
    let point = state.projection.picture(Batch(points: [point])).point(0)
    return theme.run(
      state.coordinate(point[0], decimals) + (decimals < 2 ? "," : ", ")
        + state.coordinate(point[1], decimals), .value)
  }

  /// The way of the particle: its ends, its length, and how straight it is.
  private func lines(_ state: AppState, _ way: Inspection, width: Int) -> [(String, [Run])] {
    let (isWide, isNarrow) = (width >= 46, width < 40)
    guard let first = way.moments.first, let last = way.moments.last else { return [] }
    let decimals = isNarrow ? 1 : 2
    var lines: [(String, [Run])] = []
    lines.append(
      (
        "from, to",
        [
          place(state, first.point, decimals),
          theme.run(isWide ? "  →  " : isNarrow ? "→" : " → ", .hint),
          place(state, last.point, decimals),
        ]
      ))
    let (length, chord) = way.length(on: state.experiment.curvedSpace)
    lines.append(
      (
        isNarrow ? "path" : "path length",
        [
          theme.run(NumberFormat.significant(length), .value),
          theme.run(isNarrow ? "  ends " : "  between ends ", .label),
          theme.run(NumberFormat.significant(chord), .value),
        ]
      ))
    let straight = length > 0 ? chord / length : 1
    lines.append(
      (
        isNarrow ? "straight" : "straightness",
        [
          theme.run(NumberFormat.fixed(straight, 3), .value, bold: true),
          theme.run(
            isWide && state.turning == nil
              ? "  1 is a straight line" : isWide ? "  1 is a geodesic" : "  1 straight", .hint),
        ]
      ))
    if let miss = way.miss {
      lines.append(
        (
          isNarrow ? "off ū" : "chord misses",
          [
            theme.run(NumberFormat.significant(miss), .value, bold: true),
            theme.run(isWide ? "  the end of the path of ū(x, t, t)" : "", .hint),
          ]
        ))
    }
    return lines
  }

  /// What is known of the place: how wrong the velocity is there, and where a particle may end.
  private func lines(
    _ state: AppState, at now: [Double], isNarrow: Bool
  ) -> [(String, [Run])] {
    let error = state.localError(now)
    var lines: [(String, [Run])] = []
    lines.append(
      (
        isNarrow ? "|v−u*|" : "|v−u*| here",
        [theme.run(error.map { NumberFormat.significant($0) } ?? NumberFormat.missing, .value)]
      ))
    let known =
      now.count < 2 ? nil : state.posterior(x: now[0], y: now[1], lane: state.lanes.focused)
    let ends = (known ?? []).prefix(3)
    for (rank, end) in ends.enumerated() {
      lines.append(
        (
          rank > 0 ? "" : isNarrow ? "may end" : "ends likely at",
          [
            theme.run(
              NumberFormat.padded(NumberFormat.fixed(100 * end.weight, 0), to: 3) + " %", .floor),
            theme.run("  ", .label), place(state, [end.x, end.y]),
          ]
        ))
    }
    return lines
  }
}

/// The speed of the followed particle over t.
struct SpeedPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let t = state.focusedLane.t
    let moments = state.particles.shownInspection?.moments ?? []
    let points = moments.map { ChartPoint(x: $0.t, y: $0.speed) }
    let now = moments.min { abs($0.t - t) < abs($1.t - t) }
    Chart(
      series: points.isEmpty ? [] : [ChartSeries(points, role: .lane4)], cursor: t,
      cursorRole: .accent, xRange: 0...1,
      yRange: 0...max(state.scene.speedScale, points.map(\.y).max() ?? 1)
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "speed", heading: [theme.run("|v| over t", .label)],
        labels: now.map { [theme.run(NumberFormat.significant($0.speed), .lane4, bold: true)] }
          ?? [],
        isFocused: state.window.focusedPane == .speed), theme: theme)
  }
}
