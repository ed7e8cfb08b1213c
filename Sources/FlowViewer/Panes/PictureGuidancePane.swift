import FlowMatching
import TerminalCanvas

/// What guidance does to pictures: the share of the right class and the spread over w, with w itself on the
/// same axis as a slider, and the check against copying.
struct PictureGuidancePane: Pane {
  let theme: Theme
  private static let range = 0.0...8.0

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let study = state.pictureStudy
    let figures = study?.figures ?? []
    let weight = state.focusedLane.settings.guidance?.weight ?? 1
    let (chart, foot) = (rect.split(bottom: rect.height >= 9 ? 3 : 0))
    let body = chart.height > foot.height ? chart : foot
    let notes = chart.height > foot.height ? foot : chart
    func points(_ value: (PictureStudy.Figure) -> Double) -> [ChartPoint] {
      figures.map { ChartPoint(x: $0.weight, y: 100 * value($0)) }
    }
    let isKnown = figures.count > 2
    let top = max(110, figures.map { 100 * $0.spread }.max() ?? 0)
    Chart(
      series: isKnown
        ? [
          ChartSeries(points(\.spread), role: .warn, label: "spread"),
          ChartSeries(points(\.right), role: .series, label: "right class"),
        ] : [],
      cursor: Self.range.contains(weight) ? weight : nil, cursorRole: .accent,
      xRange: Self.range, yRange: 0...min(200, top)
    ).draw(
      into: &screen, in: body,
      panel: Panel(
        title: "guidance", heading: [theme.run("%, over w", .label)],
        labels: labels(state, study, weight), isFocused: state.window.focusedPane == .guidance),
      theme: theme)
    drawNotes(state, study, weight, into: &screen, in: notes)
  }

  private func labels(_ state: AppState, _ study: PictureStudy?, _ weight: Double) -> [Run] {
    guard let study else { return [] }
    if !study.isOver { return [theme.run("measuring …", .hint)] }
    let step = study.key.weightsStep
    if step != state.shownWeightsStep {
      return [theme.run("of step " + NumberFormat.grouped(step), .hint)]
    }
    guard let real = study.rightOfHeldOut else { return [] }
    return [
      theme.run("real digits ", .label), theme.run(NumberFormat.fixed(100 * real, 0), .floor),
      theme.run(" % right", .label),
    ]
  }

  /// The slider, and how near samples come to what was learned.
  private func drawNotes(
    _ state: AppState, _ study: PictureStudy?, _ weight: Double, into screen: inout Screen,
    in rect: Rect
  ) {
    guard rect.height >= 3 else { return }
    let inner = Panel().draw(into: &screen, in: rect, theme: theme)
    var runs = [
      theme.run("( ) w ", .label), theme.run(weight.shortText, .accent, bold: true),
      theme.run("   nearest learned ", .label),
    ]
    if inner.width < 50 {
      runs = [
        theme.run("w ", .label), theme.run(weight.shortText, .accent, bold: true),
        theme.run(inner.width < 36 ? " near " : "  nearest ", .label),
      ]
    }
    let near = study?.nearest
    let held = study?.nearestOfHeldOut
    runs += [
      theme.run(inner.width < 36 ? "" : "ours ", .label), theme.run(text(near), .value, bold: true),
      theme.run(inner.width < 36 ? " real " : "  real ", .label), theme.run(text(held), .floor),
    ]
    if let near, let held {
      // A mean of two hundred distances is known to a few percent.
      let isCopy = near < 0.95 * held
      runs.append(
        theme.run(
          isCopy ? " copies" : " " + String(Character(theme.glyphs.check)), isCopy ? .bad : .good))
    }
    screen.write(runs, x: inner.x + 1, y: inner.y, clip: inner)
  }

  private func text(_ value: Double?) -> String {
    value.map { NumberFormat.fixed($0, 2) } ?? NumberFormat.missing
  }
}
