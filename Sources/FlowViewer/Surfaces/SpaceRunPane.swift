import FlowMatching
import TerminalCanvas

/// The numbers of a run on a curved space: how it is solved, how well it is learned, and that its points
/// stay on the space.
struct SpaceRunPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    guard let surface = state.surface else { return }
    let isWide = rect.width >= 58
    let knowsError = state.probes.spaceError.shown != nil
    let inner = Panel(
      title: "run", labels: isWide && knowsError ? [theme.run("field error |v−u*|", .hint)] : [],
      isFocused: state.window.focusedPane == .run
    ).draw(into: &screen, in: rect, theme: theme)
    let hasCharts = state.layout.rect(of: .support) != nil
    let left = hasCharts ? numbers(state, isWide: isWide) : few(state, surface.target)
    let key = hasCharts ? 11 : 10
    let room = isWide ? 33 : inner.width
    draw(left, key: key, at: inner.x + 2, until: inner.x + room, into: &screen, in: inner)
    guard isWide else { return }
    draw(
      right(state), key: 9, at: inner.x + 35, until: inner.maxX, into: &screen, in: inner)
    if let curve = state.probes.spaceError.shown {
      Sparkline(curve.points.map(\.error)).draw(
        into: &screen,
        in: Rect(
          x: inner.x + 44, y: inner.y + 1, width: min(14, inner.maxX - inner.x - 45), height: 1),
        theme: theme)
    }
  }

  private typealias Row = (name: String, runs: [Run])

  private func draw(
    _ rows: [Row], key: Int, at x: Int, until end: Int, into screen: inout Screen, in inner: Rect
  ) {
    for (index, row) in rows.enumerated() where index < inner.height {
      screen.write([theme.run(row.name, .label)], x: x, y: inner.y + index, clip: inner)
      // A number that is cut is another number: what does not fit as a whole goes.
      var runs = row.runs
      while runs.count > 1, x + key + runs.columns > end { runs.removeLast() }
      screen.write(runs, x: x + key, y: inner.y + index, clip: inner)
    }
  }

  private func numbers(_ state: AppState, isWide: Bool) -> [Row] {
    let settings = state.focusedLane.settings
    var rows: [Row] = [
      (
        "solver",
        [
          theme.run(settings.title, .value, bold: true),
          theme.run(
            settings.isAdaptive ? " 1e\(settings.toleranceExponent)" : " \(settings.steps)", .label),
        ]
      ),
      ("NFE", evaluations(state)), ("loss", loss(state)), stays(state),
    ]
    if !isWide, let error = error(state) { rows.insert(("|v−u*|", error), at: 3) }
    return rows
  }

  private func right(_ state: AppState) -> [Row] {
    var rows: [Row] = []
    if let error = error(state) {
      rows = [("now", error), ("over t", [])]
    }
    rows.append(
      (
        "batch",
        [
          theme.run("\(state.experiment.batch)", .value),
          theme.run("  \(state.experiment.coupling.title)", .label),
        ]
      ))
    rows.append(
      (
        "weights",
        [
          theme.run("step ", .label),
          theme.run(NumberFormat.grouped(state.shownWeightsStep), .value),
        ]
      ))
    return rows
  }

  /// What a small screen has in place of charts.
  private func few(_ state: AppState, _ target: SurfaceTarget) -> [Row] {
    var rows: [Row] = [
      (
        target.words,
        [
          theme.run(
            state.supportShare.map { NumberFormat.fixed(100 * $0, 0) + " %" }
              ?? NumberFormat.missing, .value, bold: true),
          theme.run("  noise \(NumberFormat.fixed(100 * target.share, 1))", .floor),
        ]
      ),
      (
        "NLL",
        [
          theme.run(
            state.spaceNLL.map { NumberFormat.fixed($0, 3) }
              ?? NumberFormat.missing, .value, bold: true)
        ]
          + (state.dataset.entropyFloor.map {
            [theme.run("  floor ", .label), theme.run(NumberFormat.fixed($0, 3), .floor)]
          } ?? [])
      ),
    ]
    if let error = error(state) { rows.append(("|v−u*|", error)) }
    rows.append(("NFE", evaluations(state)))
    rows.append(
      (state.experiment.picturedSpace?.turningName ?? "", [theme.run(state.standingWords, .value)]))
    return rows + [stays(state)]
  }

  private func evaluations(_ state: AppState) -> [Run] {
    let solve = state.lanes.ensemble.lanes[state.lanes.focused]
    let total = solve.isOver || !solve.settings.isAdaptive ? "\(solve.totalEvaluations)" : "…"
    return [
      theme.run("\(solve.evaluations(at: state.focusedLane.t))", .value, bold: true),
      theme.run(" of \(total)", .label),
    ]
  }

  private func loss(_ state: AppState) -> [Run] {
    let loss = state.lossFigure.map { NumberFormat.significant($0.value, 3) }
    var runs = [theme.run(loss ?? NumberFormat.missing, .value, bold: true)]
    if let floor = state.training.shownReport.lossFloor {
      runs += [
        theme.run("  floor ", .label), theme.run(NumberFormat.significant(floor, 3), .floor),
      ]
    }
    return runs
  }

  /// How wrong the field is now, where the exact one is known.
  private func error(_ state: AppState) -> [Run]? {
    guard let now = state.probes.spaceError.shown?.value(at: state.focusedLane.t) else {
      return nil
    }
    let share = now.speed > 0 ? 100 * now.error / now.speed : 0
    let isLate = state.focusedLane.t > SpaceErrorCurve.lastTime
    // An error is of its t: beyond the last that was measured it says so.
    return [
      theme.run(NumberFormat.significant(now.error), .value, bold: true),
      theme.run(isLate ? " at t .95" : "", .label),
      theme.run("  \(NumberFormat.fixed(share, 0)) % of |u*|", .label),
    ]
  }

  /// How far the solver's own points are from the space.
  private func stays(_ state: AppState) -> Row {
    guard let space = state.experiment.picturedSpace, space.coordinates > space.dimension else {
      return ("inputs", [theme.run("sin, cos of x and 2x", .value)])
    }
    let worst = space.offset(of: state.lanes.ensemble.lanes[state.lanes.focused].end)
    let isOn = worst <= 1e-12
    return (
      "on \(space.name)",
      [
        theme.run("|x|−1 ≤ " + NumberFormat.scientific(worst, digits: 1), .value),
        theme.run(isOn ? " ✓" : " ×", isOn ? .good : .bad),
      ]
    )
  }
}
