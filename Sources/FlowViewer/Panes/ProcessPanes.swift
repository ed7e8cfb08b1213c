import FlowMatching
import TerminalCanvas

/// How far every lane is from the exact p_t over t, beside fresh draws of as many points.
struct ProcessChartPane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let study = state.shownProcesses
    var series: [ChartSeries] = []
    if let study, let first = study.courses.first {
      series.append(
        ChartSeries(
          first.points.map { ChartPoint(x: $0.t, y: $0.noise) }, role: .floor,
          label: "fresh draws"))
      for (index, course) in study.courses.enumerated() where !course.points.isEmpty {
        series.append(
          ChartSeries(
            course.points.map { ChartPoint(x: $0.t, y: $0.distance) }, role: .lane(index),
            label: state.name(ofLane: index)))
      }
    }
    let top = series.flatMap(\.points).map(\.y).max() ?? 0.1
    let cells = "\(ProcessStudy.side)² cells"
    let count = NumberFormat.grouped(ProcessStudy.count)
    Chart(
      series: series, cursor: state.playback.clock.t, cursorRole: .accent, xRange: 0...1,
      yRange: 0...max(1e-6, 1.15 * top)
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "distance to the exact p_t",
        heading: rect.width >= 60 ? [theme.run("total variation over t", .label)] : [],
        labels: state.olderProcessStep.map {
          [theme.run("of step " + NumberFormat.grouped($0), .hint)]
        } ?? (rect.width >= 88 ? [theme.run("\(cells), \(count) points each", .label)] : [])),
      theme: theme)
    if study == nil, rect.height >= 5 {
      screen.write(
        [theme.run("carrying \(count) points by each lane …", .hint)], x: rect.x + 9,
        y: rect.y + rect.height / 2, clip: rect.inset(by: 1))
    }
  }
}

/// The lanes in numbers: how near to p_t each is, and by what moves it gets there.
struct ProcessTablePane {
  let theme: Theme

  /// A column: its title, its width and what it says of a lane.
  private struct Column {
    let title: String
    let width: Int
    let text: (Int) -> [Run]
  }

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let t = state.playback.clock.t
    let isWide = rect.width >= 60
    let inner = Panel(
      title: "one p_t?",
      heading: [theme.run("at t \(NumberFormat.fixed(t, 2))", .label)],
      labels: (rect.width >= 74
        ? [
          theme.run(
            state.olderProcessStep.map { "of step \(NumberFormat.grouped($0))  " }
              ?? "TV of \(NumberFormat.grouped(ProcessStudy.count)) points  ", .label)
        ] : [])
        + (isWide
          ? [
            theme.run("✓", .good),
            theme.run(" up to \(ProcessStudy.tolerance) × noise", .label),
          ] : [])
    ).draw(into: &screen, in: rect, theme: theme)
    guard inner.height >= 2 else { return }
    let columns = columns(state, width: inner.width - 4)
    var x = inner.x + 20
    for column in columns {
      x += column.width
      screen.write([theme.run(column.title, .label)], endingAt: x, y: inner.y, clip: inner)
    }
    for lane in state.lanes.all.indices where lane + 1 < inner.height {
      let y = inner.y + lane + 1
      screen.write(
        [
          theme.run("● ", .lane(lane)),
          theme.run(
            CellText.truncated(state.name(ofLane: lane), to: 16), .value,
            bold: lane == state.lanes.focused),
        ], x: inner.x + 2, y: y, clip: inner)
      var x = inner.x + 20
      for column in columns {
        x += column.width
        screen.write(column.text(lane), endingAt: x, y: y, clip: inner)
      }
    }
    drawVerdict(state, into: &screen, in: inner, row: state.lanes.all.count + 2)
  }

  private func drawVerdict(
    _ state: AppState, into screen: inout Screen, in inner: Rect, row: Int
  ) {
    let row = row < inner.height ? row : row - 1
    if row < inner.height,
      let line = MarginalLines(theme: theme).line(state, width: inner.width - 4)
    {
      screen.write(line, x: inner.x + 2, y: inner.y + row, clip: inner)
    }
    // The same marks again, for what the numbers are of.
    let words = [
      "way: length of a path; longest: its longest single move; means over the whole course",
      "way, longest move and moves: means over the whole course",
    ]
    if row + 2 < inner.height, state.shownProcesses != nil,
      let text = words.first(where: { CellText.columns($0) <= inner.width - 4 })
    {
      screen.write([theme.run(text, .hint)], x: inner.x + 2, y: inner.y + row + 2, clip: inner)
    }
  }

  private func columns(_ state: AppState, width: Int) -> [Column] {
    let (study, t) = (state.shownProcesses, state.playback.clock.t)
    func value(_ text: String?) -> [Run] { [theme.run(text ?? "…", text == nil ? .hint : .value)] }
    let all = [
      Column(title: "TV", width: 7) { lane in
        guard t > 0 else { return value(NumberFormat.missing) }
        return value(study?.point(ofLane: lane, at: t).map { NumberFormat.fixed($0.distance, 3) })
      },
      Column(title: "× noise", width: 11) { lane in
        guard let point = study?.point(ofLane: lane, at: t), point.noise > 0 else {
          return value(t > 0 ? nil : NumberFormat.missing)
        }
        let ratio = point.distance / point.noise
        let isNear = ratio <= ProcessStudy.tolerance
        return [
          theme.run(NumberFormat.fixed(ratio, 2), .value),
          theme.run(isNear ? " ✓" : " ×", isNear ? .good : .bad, bold: true),
        ]
      },
      Column(title: "way", width: 7) { lane in
        value(study?.course(ofLane: lane).map { NumberFormat.fixed($0.way, 1) })
      },
      Column(title: "longest", width: 9) { lane in
        value(study?.course(ofLane: lane).map { NumberFormat.fixed($0.longest, 2) })
      },
      Column(title: "moves", width: 7) { lane in
        value(
          study?.course(ofLane: lane).map { NumberFormat.fixed($0.moves, $0.moves < 10 ? 1 : 0) })
      },
    ]
    var used = 18
    return all.filter {
      used += $0.width
      return used <= width
    }
  }
}
