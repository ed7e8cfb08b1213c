import FlowMatching
import TerminalCanvas

/// Guided lanes in numbers beside what their weights promise, and where their particles are along the
/// class's axis.
struct GuidanceResultPane {
  let theme: Theme

  private struct Column {
    let title: String
    let width: Int
    let value: (GuidedFigure) -> String
    var role = Role.value
  }

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let label = state.guidedLabel.map { state.dataset.classNames[$0] } ?? ""
    let range = state.guidanceStudy?.target.range
    let lanes = state.lanes.all.count
    let showsPlaces = rect.height >= 2 * lanes + 8 && range != nil
    let inner = Panel(
      title: "result", heading: [theme.run("class ", .label), theme.run(label, .value)],
      labels: rect.width >= 70
        ? [theme.run("tilt = p(x) p(class | x)^w, what w promises", .label)] : [],
      bottom: showsPlaces ? range.map { numbers($0, in: rect.inset(by: 1)) } ?? [] : []
    ).draw(into: &screen, in: rect, theme: theme)
    guard inner.height > 1 else { return }
    drawTable(state, into: &screen, in: inner)
    var row = inner.y + lanes + 1
    for line in warningLines(width: inner.width - 4) where row < inner.maxY {
      screen.write(line, x: inner.x + 2, y: row, clip: inner)
      row += 1
    }
    guard showsPlaces, let range else { return }
    let top = inner.maxY - lanes
    let tilt = [
      theme.run(theme.glyphs == .ascii ? "*" : "◆", .floor), theme.run(" mean of the tilt", .hint),
    ]
    let lines = [
      [theme.run("where the particles are along the class axis   ", .hint)] + tilt + [
        theme.run("   ", .hint)
      ] + GuidedLanePane.markKey(theme),
      [theme.run("along the class axis   ", .hint)] + tilt + [theme.run("   ", .hint)]
        + GuidedLanePane.markKey(theme), tilt,
    ]
    screen.write(
      lines.first { $0.columns <= inner.width - 4 } ?? [], x: inner.x + 2, y: top - 1, clip: inner)
    for index in 0..<lanes {
      drawPlaces(state, index, range, into: &screen, bar(inner, row: top + index))
    }
  }

  /// What has to be said beside every guided flow, as far as there is room.
  func warning(width: Int) -> [Run] {
    let words = [
      "the guided score is the gradient of no log p_t of the process: ODE, SDE and tilt differ",
      "the guided score is no ∇ log p_t: ODE, SDE and tilt differ", "guided: ODE, SDE, tilt differ",
    ]
    return [theme.run(words.first { CellText.columns($0) <= width } ?? "", .warn)]
  }

  private func warningLines(width: Int) -> [[Run]] { [warning(width: width)] }

  private func bar(_ inner: Rect, row: Int) -> Rect {
    Rect(x: inner.x + 2, y: row, width: max(0, inner.width - 4), height: 1)
  }

  private func numbers(_ range: ClosedRange<Double>, in inner: Rect) -> [BorderNumber] {
    let bar = bar(inner, row: 0)
    return (0...3).map { k in
      let share = Double(k) / 3
      let value = range.lowerBound + share * (range.upperBound - range.lowerBound)
      return BorderNumber(
        column: bar.x + 2 + (bar.width - 5) * k / 3, text: NumberFormat.significant(value, 2))
    }
  }

  private func drawPlaces(
    _ state: AppState, _ index: Int, _ range: ClosedRange<Double>, into screen: inout Screen,
    _ bar: Rect
  ) {
    guard let figure = state.guidedFigure(ofLane: index) else { return }
    let span = range.upperBound - range.lowerBound
    let levels = figure.places.map { ($0 - range.lowerBound) / span }
    BlockHistogram(levels: levels, columns: bar.width).draw(
      into: &screen, in: bar, style: theme.style(.lane(index)), theme: theme)
    guard let tilt = figure.tilt else { return }
    let place = min(1, max(0, (tilt.mean - range.lowerBound) / span))
    screen.set(
      bar.x + Int(saturating: place * Double(max(0, bar.width - 1))), bar.y,
      theme.glyphs == .ascii ? "*" : "◆", style: theme.style(.floor).bold)
  }

  private let columns: [Column] = [
    Column(title: "mean", width: 8) { NumberFormat.fixed($0.mean, 2) },
    Column(
      title: "tilt", width: 8,
      value: { $0.tilt.map { NumberFormat.fixed($0.mean, 2) } ?? NumberFormat.missing },
      role: .floor),
    Column(title: "overshoot", width: 11) {
      $0.overshoot.map(GuidedLanePane.signed) ?? NumberFormat.missing
    },
    Column(title: "in sd", width: 8) {
      $0.overshootInDeviations.map { NumberFormat.fixed($0, 1) } ?? NumberFormat.missing
    },
    Column(title: "spread", width: 8) { NumberFormat.fixed($0.deviation, 2) },
    Column(title: "of tilt", width: 9) { figure in
      figure.tilt.map { "\(Int(saturating: (100 * figure.deviation / $0.deviation).rounded())) %" }
        ?? NumberFormat.missing
    },
  ]

  private func drawTable(_ state: AppState, into screen: inout Screen, in inner: Rect) {
    var x = inner.x + 18
    var shown: [(Column, Int)] = []
    for column in columns where x + column.width <= inner.maxX - 7 {
      x += column.width
      shown.append((column, x))
      screen.write([theme.run(column.title, .label)], endingAt: x, y: inner.y, clip: inner)
    }
    screen.write([theme.run("NFE", .label)], endingAt: x + 6, y: inner.y, clip: inner)
    for index in state.lanes.all.indices where index + 1 < inner.height {
      let y = inner.y + 1 + index
      screen.write(
        [
          theme.run("● ", .lane(index)),
          theme.run(
            CellText.truncated(state.name(ofLane: index), to: 15), .value,
            bold: index == state.lanes.focused),
        ], x: inner.x + 2, y: y, clip: inner)
      let work = state.lanes.ensemble.lanes[index].totalEvaluations
      screen.write([theme.run("\(work)", .value)], endingAt: x + 6, y: y, clip: inner)
      guard let figure = state.guidedFigure(ofLane: index) else { continue }
      for (column, end) in shown {
        screen.write(
          [theme.run(column.value(figure), column.role, bold: column.title == "overshoot")],
          endingAt: end, y: y, clip: inner)
      }
    }
  }
}
