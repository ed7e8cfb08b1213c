import FlowMatching
import TerminalCanvas

/// The negative log-likelihood of each training against its own seconds, or against how often it has
/// evaluated a network at each point of a batch.
struct TrainingsChartPane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let report = state.training.shownReport
    let floor = report.lossFloor
    let isTimed = state.lanes.matching == .time
    let own = Double(state.experiment.evaluationsPerStep)
    let points = report.measurements.compactMap { measurement -> ChartPoint? in
      guard let floor, let excess = measurement.excess else { return nil }
      let x = isTimed ? measurement.seconds : own * Double(measurement.step)
      return ChartPoint(x: x, y: floor + excess)
    }
    let matching = report.measurements.compactMap { measurement -> ChartPoint? in
      guard let floor, let rival = measurement.rival, let excess = rival.excess else { return nil }
      return ChartPoint(x: isTimed ? rival.seconds : Double(rival.step), y: floor + excess)
    }
    let all = (points + matching).filter { $0.x > 0 && $0.y.isFinite }
    var series = [
      ChartSeries(
        points.filter { $0.x > 0 }, role: .lane(matching.isEmpty ? 0 : 1),
        label: state.ownTraining)
    ]
    if !matching.isEmpty {
      series.insert(
        ChartSeries(
          matching.filter { $0.x > 0 }, role: .lane(0), label: Objective.flowMatching.title),
        at: 0)
    }
    let least = all.map(\.x).min() ?? (isTimed ? 0.1 : 1000)
    Chart(
      series: series,
      floors: floor.map {
        [ChartFloor($0, note: rect.width >= 50 ? "the entropy of the data" : "")]
      }
        ?? [],
      xRange: least...max(10 * least, all.map(\.x).max() ?? 0), xScale: .logarithmic,
      yRange: limits(points, matching, floor)
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "NLL",
        heading: [
          theme.run("against ", .label),
          theme.run(isTimed ? "seconds of training" : "network evaluations a point", .value),
        ],
        labels: rect.width >= 70
          ? [
            theme.run("M", .key), theme.run(isTimed ? " evaluations" : " seconds", .hint),
          ] : []), theme: theme)
    if all.isEmpty, rect.height >= 5 {
      let text =
        floor == nil && !report.measurements.isEmpty
        ? state.experiment.kind.words.unknownExcess : "measured from step 30 on"
      screen.write(
        [theme.run(text, .hint)], x: rect.x + 9, y: rect.y + rect.height / 2,
        clip: rect.inset(by: 1))
    }
  }

  /// From a little below the floor to somewhat more than the worse of both ends: what one wants to read
  /// is the end.
  private func limits(
    _ own: [ChartPoint], _ matching: [ChartPoint], _ floor: Double?
  ) -> ClosedRange<Double>? {
    guard let floor else { return nil }
    let ends = [own.last?.y, matching.last?.y].compactMap { $0 }.filter(\.isFinite)
    let span = max(0.2, 1.6 * ((ends.max() ?? floor + 1) - floor))
    return floor - 0.08 * span...floor + span
  }
}

/// What is trained in numbers, a row each, and the floors below.
struct TrainingsPane {
  let theme: Theme

  private struct Row {
    let name: String
    let role: Role
    let values: [String]
  }

  private static let columns = [
    (title: "step", width: 9), (title: "steps/s", width: 8), (title: "NLL", width: 7),
    (title: "above", width: 7), (title: "NFE", width: 8), (title: "seconds", width: 9),
  ]

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let inner = Panel(
      title: "training", labels: rect.width >= 60 ? [theme.run("nats", .label)] : []
    ).draw(into: &screen, in: rect, theme: theme)
    guard inner.height >= 1 else { return }
    var columns = TrainingsPane.columns
    while !columns.isEmpty, 18 + columns.reduce(0, { $0 + $1.width }) + 2 > inner.width {
      columns.removeLast()
    }
    func write(_ values: [String], _ row: Int, _ role: (Int) -> Role) {
      var x = inner.x + 18
      for (index, (value, column)) in zip(values, columns).enumerated() {
        x += column.width
        screen.write(
          [theme.run(value, role(index), bold: index == 2 && row > 0)], endingAt: x,
          y: inner.y + row, clip: inner)
      }
    }
    write(columns.map(\.title), 0) { _ in .label }
    let rows = rows(state)
    for (index, row) in rows.enumerated() {
      screen.write(
        [theme.run("● ", row.role), theme.run(row.name, .value)], x: inner.x + 2,
        y: inner.y + index + 1, clip: inner)
      write(row.values, index + 1) { _ in .value }
    }
    let below = rows.count + 1
    screen.write(
      [theme.run("  entropy", .hint)], x: inner.x + 2, y: inner.y + below, clip: inner)
    let floor = number(state.training.shownReport.lossFloor, 3)
    write(["", "", floor], below) { _ in .floor }
    let notes = [
      "NLL   on 2 048 points; above it: KL(q‖p₁)",
      columns.contains { $0.title == "NFE" } ? "NFE   network evaluations a point, forward" : "",
      state.training.report.rival == nil ? "" : "Both train in turns of equal work.",
    ].filter { !$0.isEmpty }
    for (index, note) in notes.enumerated() where inner.height > below + 2 + index {
      screen.write(
        [theme.run(note, .hint)], x: inner.x + 2, y: inner.y + below + 2 + index, clip: inner)
    }
  }

  private func rows(_ state: AppState) -> [Row] {
    let report = state.training.shownReport
    let last = report.measurements.last
    var rows: [Row] = []
    if let rival = report.rival {
      let nll = state.likelihood(ofMatching: true)
      rows.append(
        Row(
          name: Objective.flowMatching.title, role: .lane(0),
          values: [
            NumberFormat.grouped(rival.step), speed(report, rival.stepsPerSecond),
            number(nll?.value, 3), number(nll?.excess, 3),
            count(rival.step), number(last?.rival?.seconds, 1),
          ]))
    }
    let nll = state.likelihood(ofMatching: false)
    let evaluations = report.step * state.experiment.evaluationsPerStep
    rows.append(
      Row(
        name: state.ownTraining, role: .lane(rows.count),
        values: [
          NumberFormat.grouped(report.step), speed(report, report.stepsPerSecond),
          number(nll?.value, 3), number(nll?.excess, 3),
          count(evaluations), number(last?.seconds, 1),
        ]))
    return rows
  }

  private func speed(_ report: TrainingReport, _ stepsPerSecond: Double) -> String {
    report.status == .training && stepsPerSecond > 0
      ? NumberFormat.grouped(Int(saturating: stepsPerSecond.rounded())) : NumberFormat.missing
  }

  private func number(_ value: Double?, _ decimals: Int) -> String {
    value.map { NumberFormat.fixed($0, decimals) } ?? NumberFormat.missing
  }

  /// 940, 40.4k, 1.2M.
  private func count(_ value: Int) -> String {
    if value < 1000 { return "\(value)" }
    let isLarge = value >= 999_950
    return NumberFormat.fixed(Double(value) / (isLarge ? 1e6 : 1e3), 1) + (isLarge ? "M" : "k")
  }
}
