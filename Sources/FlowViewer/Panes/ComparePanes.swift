import FlowMatching
import TerminalCanvas

/// Error against evaluations for the lanes' methods; the slope of a curve is its order.
struct WorkPrecisionPane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let series = state.shownStudy.compactMap { curve -> ChartSeries? in
      // A lane may have another solver by now; its curve comes with the next study.
      let lane = state.lanes.firstIndex { $0.settings.method == curve.method }
      return lane.map { lane in
        ChartSeries(
          curve.points.map { ChartPoint(x: Double($0.evaluations), y: $0.error) },
          role: .lane(lane), label: state.name(ofLane: lane))
      }
    }
    let markers = state.lanes.enumerated().compactMap { index, lane -> ChartMarker? in
      guard lane.t == 1, let error = lane.error, error > 0 else { return nil }
      let work = state.ensemble.lanes[index].evaluations(at: 1)
      return ChartMarker(ChartPoint(x: Double(work), y: error), role: .lane(index))
    }
    let work = Double(state.ensemble.lanes[state.focused].evaluations(at: 1))
    let isKnown = series.contains { $0.points.count > 1 }
    Chart(
      series: series, markers: isKnown ? markers : [],
      cursor: isKnown && work > 0 ? work : nil, xRange: 1...512, xScale: .powersOfTwo,
      yRange: isKnown ? nil : 1e-5...1, yScale: .logarithmic
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "work and precision",
        labels: [
          theme.run("error", .value), theme.run(" against ", .label), theme.run("NFE", .value),
          theme.run("   slope = order", .label),
        ]), theme: theme)
    if !isKnown, rect.height >= 5 {
      let isComparable = state.lanes.contains { $0.settings.hasReference }
      let text =
        !isComparable
        ? "these lanes have no exact places in common"
        : state.isParked ? "solving …" : "measured when the clock is parked"
      screen.write(
        [theme.run(text, .hint)], x: rect.x + 9, y: rect.y + rect.height / 2,
        clip: rect.inset(by: 1))
    }
  }

}

/// The lanes in numbers, and how their particles' errors spread.
struct ResultPane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let labels = [
      theme.run("reference ", .label), theme.run("Dormand–Prince 1e-6", .value),
      theme.run(", NFE ", .label),
      theme.run(
        state.ensemble.reference.map { $0.isOver ? "\($0.totalEvaluations)" : "…" }
          ?? NumberFormat.missing, .value),
    ]
    // A table, the noise floor, words, a row a lane and the scale of colours.
    let showsSpread = rect.height >= 2 * state.lanes.count + 6
    let numbers = showsSpread ? errorNumbers(rect) : []
    let inner = Panel(title: "result", labels: labels, bottom: numbers)
      .draw(into: &screen, in: rect, theme: theme)
    guard inner.height >= 2 else { return }
    let columns = self.columns(state, width: inner.width)
    write(columns.map(\.title), columns, bold: false, row: 0, lane: nil, into: &screen, in: inner)
    for index in state.lanes.indices where index + 1 < inner.height {
      write(
        columns.map { $0.value(index) }, columns, bold: index == state.focused, row: index + 1,
        lane: index, into: &screen, in: inner)
    }
    var used = state.lanes.count + 1
    if inner.height > used { drawNoiseFloor(state, columns, into: &screen, in: inner, row: used) }
    used += 1
    if inner.height >= used + 9 {
      drawVerdict(state, into: &screen, in: inner, row: used + 1)
      drawTarget(state, into: &screen, in: inner, row: used + 2)
    } else if inner.height >= used + 8 {
      drawTarget(state, into: &screen, in: inner, row: used + 1)
    } else if inner.height > used, !showsSpread {
      drawTarget(state, into: &screen, in: inner, row: inner.height - 1)
    }
    if showsSpread { drawSpread(state, into: &screen, in: inner) }
  }

  private struct Column {
    let title: String
    let width: Int
    let value: (Int) -> String
  }

  /// The columns that fit, in order of importance dropped from the right of this list.
  private func columns(_ state: AppState, width: Int) -> [Column] {
    // A lane that still stands at t = 0 has made no error to compare with.
    let best = state.lanes.compactMap(\.error).filter { $0 > 0 }.min() ?? 0
    let all = [
      Column(title: state.comparesSolvers ? "solver" : "lane", width: 16) {
        state.name(ofLane: $0)
      },
      Column(title: "NFE", width: 6) {
        "\(state.ensemble.lanes[$0].evaluations(at: state.lanes[$0].t))"
      },
      Column(title: "error", width: 9) { state.error(ofLane: $0) },
      Column(title: "W₂", width: 7) { state.distance(ofLane: $0) },
      Column(title: "× best", width: 9) { index in
        guard let error = state.lanes[index].error, error > 0, best > 0 else {
          return NumberFormat.missing
        }
        return NumberFormat.fixed(error / best, error < 9.95 * best ? 1 : 0)
      },
      Column(title: "steps", width: 7) { index in
        // The tries that were rejected have been paid for too.
        let solve = state.ensemble.lanes[index]
        let t = state.lanes[index].t
        let rejected = solve.attempts.count { !$0.accepted && $0.t < t }
        return "\(solve.steps(at: t))" + (rejected > 0 ? " +\(rejected)×" : "")
      },
      Column(title: "order", width: 8) { index in
        let name = state.lanes[index].settings.method
        let order = state.shownStudy.first { $0.method == name }?.order
        guard let order, !state.lanes[index].settings.isAdaptive else {
          return NumberFormat.missing
        }
        return NumberFormat.fixed(order, 1)
      },
      Column(title: "ms", width: 7) { index in
        // Nothing was measured where no clock runs, as in a replay.
        guard state.cost.isKnown else { return NumberFormat.missing }
        let solve = state.ensemble.lanes[index]
        let work = solve.evaluations(at: state.lanes[index].t) * solve.count
        return NumberFormat.fixed(1000 * Double(work) / state.evaluationsPerSecond, 1)
      },
    ]
    var result: [Column] = []
    var used = 4
    for column in all where used + column.width <= width {
      result.append(column)
      used += column.width
    }
    return result
  }

  private func write(
    _ texts: [String], _ columns: [Column], bold: Bool, row: Int, lane: Int?,
    into screen: inout Screen, in inner: Rect
  ) {
    var x = inner.x + 2
    for (index, (text, column)) in zip(texts, columns).enumerated() {
      if index == 0 {
        var runs = [theme.run(text, lane == nil ? .label : .value, bold: bold)]
        if let lane { runs.insert(theme.run("● ", .lane(lane)), at: 0) }
        screen.write(runs, x: x, y: inner.y + row, clip: inner)
      } else {
        let isError = column.title == "error"
        let run = theme.run(text, lane == nil ? .label : .value, bold: lane != nil && isError)
        screen.write([run], endingAt: x + column.width, y: inner.y + row, clip: inner)
      }
      x += column.width
    }
  }

  /// What W2 two samples of the target have: no lane can be expected to be below.
  private func drawNoiseFloor(
    _ state: AppState, _ columns: [Column], into screen: inout Screen, in inner: Rect, row: Int
  ) {
    guard let noise = state.shownReport.noiseFloor else { return }
    var x = inner.x + 2
    for (index, column) in columns.enumerated() {
      if index == 0 {
        screen.write([theme.run("  noise floor", .hint)], x: x, y: inner.y + row, clip: inner)
      } else if column.title == "W₂" {
        screen.write(
          [theme.run(NumberFormat.fixed(noise.mean, 2), .floor)], endingAt: x + column.width,
          y: inner.y + row, clip: inner)
      }
      x += column.width
    }
  }

  /// Who is nearest for the same cost, and by how much.
  private func drawVerdict(
    _ state: AppState, into screen: inout Screen, in inner: Rect, row: Int
  ) {
    guard let verdict = state.laneVerdict else { return }
    func name(_ index: Int) -> [Run] {
      [
        theme.run("● ", .lane(index)),
        theme.run(state.name(ofLane: index), .value, bold: index == verdict.best),
      ]
    }
    let factor = NumberFormat.fixed(verdict.factor, verdict.factor < 9.95 ? 1 : 0)
    // The longest that the pane has room for.
    let long =
      [theme.run("nearest for \(verdict.evaluations) evaluations  ", .hint)]
      + name(verdict.best) + [theme.run("  \(factor)× as near as  ", .hint)]
      + name(verdict.second)
    let short =
      [theme.run("nearest at NFE \(verdict.evaluations)  ", .hint)] + name(verdict.best)
      + [theme.run("  by \(factor)×", .hint)]
    screen.write(
      long.columns + 3 <= inner.width ? long : short, x: inner.x + 2, y: inner.y + row, clip: inner)
  }

  private func drawTarget(
    _ state: AppState, into screen: inout Screen, in inner: Rect, row: Int
  ) {
    let isWide = inner.width >= 38 + 7 * state.lanes.count
    let text = isWide ? "evaluations for an error of 0.01  " : "NFE for error 0.01  "
    var runs = [theme.run(text, .hint)]
    for index in state.lanes.indices {
      let name = state.lanes[index].settings.method
      let curve = state.shownStudy.first { $0.method == name }
      let work = curve?.evaluations(forError: 0.01).map { "\(Int($0.rounded(.up)))" }
      runs.append(theme.run(" ● ", .lane(index)))
      runs.append(theme.run(NumberFormat.padded(work ?? NumberFormat.missing, to: 3) + " ", .value))
    }
    screen.write(runs, x: inner.x + 2, y: inner.y + row, clip: inner)
  }

  /// The colour scale of the clouds; above it, on the same axis, each lane's particles.
  private func drawSpread(_ state: AppState, into screen: inout Screen, in inner: Rect) {
    let bar = spreadRect(inner)
    for x in 0..<bar.width {
      let level = Double(x) / Double(max(1, bar.width - 1))
      screen.set(
        bar.x + x, bar.y, theme.glyphs.upperHalf, style: Style(foreground: theme.endError(level)))
    }
    let top = bar.y - state.lanes.count
    if top - 1 > inner.y + state.lanes.count {
      screen.write(
        [
          theme.run(
            inner.width >= 52
              ? "distance of each particle from its exact place"
              : "each particle from its exact place", .hint)
        ], x: bar.x, y: top - 1, clip: inner)
    }
    for (index, lane) in state.lanes.enumerated() {
      BlockHistogram(
        levels: lane.particleErrors.map { theme.endErrorLevel($0) }, columns: bar.width
      ).draw(
        into: &screen, in: Rect(x: bar.x, y: top + index, width: bar.width, height: 1),
        style: theme.style(.lane(index)), theme: theme)
    }
  }

  private func spreadRect(_ inner: Rect) -> Rect {
    Rect(x: inner.x + 2, y: inner.maxY - 1, width: max(0, inner.width - 4), height: 1)
  }

  private func errorNumbers(_ rect: Rect) -> [BorderNumber] {
    let bar = spreadRect(rect.inset(by: 1))
    return zip(["0.001", "0.01", "0.1", "1"], 0...3).map { text, index in
      BorderNumber(column: bar.x + 2 + (bar.width - 5) * index / 3, text: text)
    }
  }
}
