import FlowMatching
import TerminalCanvas

/// The share of words of the data over t, of the lane's letters as they jump and of the exact posterior's
/// beside them, with the present t.
struct WordCoursePane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let course = state.shownWordCourse
    let t = state.focusedLane.t
    let isWide = rect.width >= 40
    func percent(_ points: [WordCourse.Point]) -> String {
      WordCourse.share(points, at: t).map { NumberFormat.fixed(100 * $0, 0) }
        ?? NumberFormat.missing
    }
    func series(_ points: [WordCourse.Point]) -> [ChartPoint] {
      points.map { ChartPoint(x: $0.t, y: 100 * $0.share) }
    }
    var labels: [Run] = []
    var lines: [ChartSeries] = []
    if let course {
      labels = [
        theme.run(isWide ? here(course, state) : "", .label),
        theme.run(percent(course.lane), .series, bold: true),
        theme.run(isWide ? "  exact " : " of ", .label),
        theme.run(percent(course.exact), .floor, bold: true),
      ]
      lines = [
        ChartSeries(series(course.exact), role: .floor, label: isWide ? "exact posterior" : ""),
        ChartSeries(series(course.lane), role: .series, label: ""),
      ]
    }
    let isList = state.dataset.tokens?.alphabet != nil
    Chart(
      series: lines, cursor: t, cursorRole: .accent, xRange: 0...1, yRange: 0...105,
      numberColumns: 4
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: isList ? "words" : "on board", heading: [theme.run("% over t", .label)],
        labels: labels, isFocused: state.window.focusedPane == .wordCourse), theme: theme)
    if course == nil, rect.height >= 5 {
      screen.write(
        [theme.run("drawing words …", .hint)], x: rect.x + 8, y: rect.y + rect.height / 2,
        clip: rect.inset(by: 1))
    }
  }

  /// “here ”, or of which step the lane's numbers are where its weights are newer.
  private func here(_ course: WordCourse, _ state: AppState) -> String {
    course.key == state.wordCourseKey
      ? "here " : "step " + NumberFormat.grouped(course.key.weightsStep) + " "
  }
}
