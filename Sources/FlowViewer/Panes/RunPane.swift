import FlowMatching
import TerminalCanvas

/// The numbers of the run: solver, evaluations, weights, optimiser, and what a frame costs.
struct RunPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    guard !rect.isEmpty else { return }
    if state.surface != nil, !state.isComparing {
      return SpaceRunPane(theme: theme).draw(state, into: &screen, in: rect)
    }
    let isWide = rect.width >= 58
    let inner = Panel(
      title: "run", labels: isWide ? frameLabels(state) : [],
      isFocused: state.window.focusedPane == .run
    )
    .draw(into: &screen, in: rect, theme: theme)
    let isSmall = state.layout.distance == nil && !isWide
    let all =
      state.traits.tokens != nil
      ? letters(state) : isSmall ? small(state) : isWide ? wide(state) : medium(state)
    // What is least needed makes room for what the numbers come to.
    let verdict = self.verdict(state)
    let rows =
      verdict.map { Array(all.prefix(max(0, min(all.count, inner.height - 1)))) + [$0] } ?? all
    let key = isWide ? 11 : isSmall ? 8 : 10
    for (index, row) in rows.enumerated() where index < inner.height {
      let y = inner.y + index
      screen.write([theme.run(row.name, .label)], x: inner.x + 2, y: y, clip: inner)
      // A number that is cut at the border is another number: what does not fit as a whole goes.
      var runs = row.runs
      let end = isWide && row.name != RunPane.verdictName ? inner.x + 32 : inner.maxX
      while runs.count > 1, inner.x + 2 + key + runs.columns > end { runs.removeLast() }
      screen.write(runs, x: inner.x + 2 + key, y: y, clip: inner)
    }
    if isWide { drawCosts(state, rows: verdict == nil ? 5 : 4, into: &screen, in: inner) }
  }

  private static let verdictName = "verdict"

  private struct Row {
    let name: String
    let runs: [Run]
  }

  private func wide(_ state: AppState) -> [Row] {
    let experiment = state.experiment
    let rate = NumberFormat.scientific(experiment.learningRate)
    let optimiser = experiment.weightDecay > 0 ? "AdamW" : "Adam"
    return [
      solver(state), evaluations(state), weights(state),
      Row(
        name: "optimiser",
        runs: [theme.run(optimiser, .value), theme.run(" \(rate)", .label)]),
      Row(
        name: "batch",
        runs: [
          theme.run("\(experiment.batch)", .value),
          theme.run(
            experiment.traits.followsPath ? " \(experiment.coupling.title)" : " points",
            .label),
        ]),
    ]
  }

  /// Where letters jump: what they jump by, and what became of the words.
  private func letters(_ state: AppState) -> [Row] {
    let picture = state.words(ofLane: state.lanes.focused)
    func count(_ fate: WordPicture.Fate) -> String {
      picture.map { NumberFormat.grouped($0.count(fate)) } ?? NumberFormat.missing
    }
    let share = picture?.realShare.map { NumberFormat.fixed(100 * $0, 0) + " %" }
    var rows = [
      Row(
        name: "words",
        runs: [
          theme.run(count(.real), .good, bold: true), theme.run("  not ", .label),
          theme.run(count(.other), .bad, bold: true),
          theme.run("  ", .label), theme.run(share ?? NumberFormat.missing, .value),
        ]), evaluations(state),
      Row(
        name: "open",
        runs: [
          theme.run(count(.open), .value), theme.run("  dead ends ", .label),
          theme.run(count(.deadEnd), .value),
        ]), weights(state),
      Row(
        name: "jumps",
        runs: [
          theme.run(picture.map { "\($0.jumps)" } ?? NumberFormat.missing, .accent, bold: true),
          theme.run(" letters now", .label),
        ]),
    ]
    if let words = state.focusedLane.settings.letters?.words, !words.isEmpty {
      rows.insert(Row(name: "way", runs: [theme.run(words, .value)]), at: 2)
    }
    return rows
  }

  private func medium(_ state: AppState) -> [Row] {
    [solver(state), evaluations(state), weights(state), excess(state), frames(state)]
  }

  private func small(_ state: AppState) -> [Row] {
    let report = state.training.shownReport
    return [
      Row(
        name: state.experiment.kind.words.name,
        runs: [theme.run(number(state.lossFigure?.value, 4), .value, bold: true)]),
      Row(
        name: "floor",
        runs: [
          theme.run(number(report.lossFloor, 4), .floor, bold: true),
          theme.run(report.floorErrorWords ?? "", .label),
        ]),
      excess(state),
      Row(
        name: "W₂",
        runs: [
          theme.run(number(state.distanceFigure?.value, 3), .value, bold: true),
          theme.run("  floor ", .label),
          theme.run(number(report.noiseFloor?.mean, 3), .floor),
        ]),
      evaluations(state), weights(state), frames(state),
    ]
  }

  private func solver(_ state: AppState) -> Row {
    let settings = state.focusedLane.settings
    if !state.traits.needsSolver {
      return Row(
        name: "solver",
        runs: [theme.run("none", .value, bold: true), theme.run("  closed form", .label)])
    }
    // The costs begin 33 columns in: a long title leaves room for the tolerance alone.
    let detail =
      settings.isAdaptive ? " 1e\(settings.toleranceExponent)" : "  " + settings.detail
    return Row(
      name: "solver",
      runs: [theme.run(settings.title, .value, bold: true), theme.run(detail, .label)])
  }

  private func evaluations(_ state: AppState) -> Row {
    let solve = state.lanes.ensemble.lanes[state.lanes.focused]
    let total = solve.isOver || !solve.settings.isAdaptive ? "\(solve.totalEvaluations)" : "…"
    return Row(
      name: "NFE",
      runs: [
        theme.run("\(solve.evaluations(at: state.focusedLane.t))", .value, bold: true),
        theme.run(" of \(total)", .label),
      ])
  }

  private func weights(_ state: AppState) -> Row {
    let step = state.shownWeightsStep
    // Parked pictures follow the newest weights; a pass that plays keeps those it began with.
    let isHeld = state.playback.clock.isPlaying
    let word = isHeld ? "held" : state.training.travel == nil ? "newest" : "kept"
    return Row(
      name: "weights",
      runs: [
        theme.run("step ", .label),
        theme.run(NumberFormat.grouped(step), state.training.travel == nil ? .value : .accent),
        theme.run(" " + word, .label),
      ]
        + (isHeld && state.training.shownReport.status != .finished
          ? [theme.run(" for this pass", .hint)] : []))
  }

  private func excess(_ state: AppState) -> Row {
    Row(
      name: "excess",
      runs: [
        theme.run(number(state.excessFigure?.value, 3), .value),
        theme.run("  " + excessWords(state), .hint),
      ])
  }

  /// Of which weights the excess is, where they are not the newest; else its formula.
  private func excessWords(_ state: AppState) -> String {
    guard let figure = state.excessFigure, figure.step != state.training.shownReport.step else {
      return state.experiment.kind.words.excess
    }
    return "step " + NumberFormat.grouped(figure.step)
  }

  private func frames(_ state: AppState) -> Row {
    let cost = state.pace.shownCost
    return Row(
      name: "frames",
      runs: [
        theme.run(isIdle(state) ? "idle" : rate(cost), .value),
        theme.run(isIdle(state) ? "" : " /s", .hint), theme.run("  draw ", .label),
        theme.run(milliseconds(cost.draw, cost), .value), theme.run(" ms", .hint),
      ])
  }

  /// How good training is, and whether it gets better; nil where nothing is known yet.
  private func verdict(_ state: AppState) -> Row? {
    guard !state.isComparing, let verdict = state.trainingVerdict else { return nil }
    let role: Role =
      switch verdict.level {
      case .atFloor: .good
      case .falling: .accent
      case .levelled: .warn
      case .rising: .bad
      }
    return Row(
      name: RunPane.verdictName,
      runs: [theme.run(verdict.words, role, bold: true)]
        + (verdict.distanceWords.map {
          [theme.run("  " + $0, verdict.apart == 0 ? .good : .label)]
        } ?? []))
  }

  /// Nothing is drawn while nothing moves: the last speed would be stale.
  private func isIdle(_ state: AppState) -> Bool {
    state.pace.isIdle && state.pace.shownCost.isKnown
  }

  private func rate(_ cost: FrameCost) -> String {
    let text =
      cost.isKnown ? "\(Int(saturating: cost.framesPerSecond.rounded()))" : NumberFormat.missing
    return NumberFormat.padded(text, to: 2)
  }

  private func milliseconds(_ seconds: Double, _ cost: FrameCost) -> String {
    cost.isKnown ? NumberFormat.fixed(seconds * 1000, 1) : NumberFormat.missing
  }

  private func number(_ value: Double?, _ digits: Int) -> String {
    value.map { NumberFormat.significant($0, digits) } ?? NumberFormat.missing
  }

  private func frameLabels(_ state: AppState) -> [Run] {
    let cost = state.pace.shownCost
    let total = cost.solve + cost.draw + cost.present
    let budget = NumberFormat.fixed(1000 / state.options.framesPerSecond, 1)
    return [
      theme.run(isIdle(state) ? "idle" : rate(cost), .value),
      theme.run(isIdle(state) ? "   " : " frames/s   ", .hint), theme.run("frame ", .hint),
      theme.run(NumberFormat.padded(milliseconds(total, cost), to: 4), .value, bold: true),
      theme.run(" of \(budget) ms", .hint),
    ]
  }

  /// So many rows of what a frame costs; the last is how fast training is.
  private func drawCosts(_ state: AppState, rows: Int, into screen: inout Screen, in inner: Rect) {
    let cost = state.pace.shownCost
    let x = inner.x + 33
    let times = [("solve", cost.solve), ("draw", cost.draw), ("present", cost.present)]
    for (row, (name, seconds)) in times.enumerated() {
      screen.write(
        line(name, milliseconds(seconds, cost), "ms"), x: x, y: inner.y + row,
        clip: inner)
      BudgetBar(seconds, of: 1 / state.options.framesPerSecond).draw(
        into: &screen, in: bar(inner, row: row), theme: theme)
    }
    let kilobytes =
      cost.isKnown ? NumberFormat.fixed(Double(cost.bytes) / 1000, 1) : NumberFormat.missing
    let unit = inner.width >= 60 ? "KB a frame" : "KB"
    screen.write(line("output", kilobytes, unit), x: x, y: inner.y + 3, clip: inner)
    guard rows > 4 else { return }
    screen.write(
      line("train", state.training.shownReport.speed, "/s"), x: x, y: inner.y + 4, clip: inner)
    if inner.height > 4 {
      Sparkline(state.training.speedHistory).draw(
        into: &screen, in: bar(inner, row: 4), theme: theme)
    }
  }

  private func bar(_ inner: Rect, row: Int) -> Rect {
    let x = inner.x + 51
    return Rect(x: x, y: inner.y + row, width: max(0, inner.maxX - 2 - x), height: 1)
      .intersection(inner)
  }

  private func line(_ name: String, _ value: String, _ unit: String) -> [Run] {
    let pad = String(repeating: " ", count: max(0, 8 - name.count))
    return [
      theme.run(name + pad, .label), theme.run(NumberFormat.padded(value, to: 6), .value),
      theme.run(" " + unit, .hint),
    ]
  }
}
