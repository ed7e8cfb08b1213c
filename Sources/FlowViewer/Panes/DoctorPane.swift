import FlowMatching
import TerminalCanvas

/// What the doctor says of the network that is followed: its likeliest readings as bars on a log axis on which 1 is
/// as good as no motion, and the verdict.
struct DoctorPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    guard !rect.isEmpty else { return }
    let finding = state.training.shownReport.doctor?.finding
    let isWide = rect.width >= 46
    var labels: [Run] = []
    if let finding {
      let residual = finding.findings.diagnosis.best.residual.mean
      labels = [
        theme.run("step \(NumberFormat.grouped(finding.step))  ", .label),
        theme.run(ResidualFigure.text(residual), .value, bold: true),
      ]
    }
    let inner = Panel(
      title: "doctor", heading: isWide ? [theme.run("E|v − u*|² ÷ E|u*|²", .label)] : [],
      labels: labels, isFocused: state.window.focusedPane == .doctor
    ).draw(into: &screen, in: rect, theme: theme)
    guard let finding else {
      screen.write(
        [theme.run(words(state), .hint)], x: inner.x + 2, y: inner.y, clip: inner)
      return
    }
    let verdict = Paragraph.lines(finding.findings.sentence, width: max(8, inner.width - 5))
      .prefix(max(1, inner.height / 2))
    let rows = self.rows(finding.findings.diagnosis, atMost: inner.height - verdict.count)
    for (index, row) in rows.enumerated() {
      draw(row, into: &screen, in: inner, y: inner.y + index)
    }
    let role = finding.findings.diagnosis.role
    for (index, line) in verdict.enumerated() {
      let mark = index == 0 ? "● " : "  "
      screen.write(
        [theme.run(mark + line, role, bold: index == 0)], x: inner.x + 1,
        y: inner.y + rows.count + index, clip: inner)
    }
  }

  private func words(_ state: AppState) -> String {
    let report = state.training.shownReport
    if report.readings == 0 { return "waits for a network" }
    return report.doctor == nil
      ? "no exact field to hold it against" : "holding it against the exact field …"
  }

  private struct Row {
    let words: String
    let residual: Double
    var isBest = false
    var isFloor = false
  }

  /// The best readings, and the row that is the scale's one.
  private func rows(_ diagnosis: Diagnosis, atMost count: Int) -> [Row] {
    guard count > 0 else { return [] }
    let best = diagnosis.best.hypothesis.slips
    var rows = diagnosis.table.rows.map {
      Row(
        words: $0.hypothesis.words, residual: $0.residual.mean,
        isBest: $0.hypothesis.slips == best)
    }
    // How it stands is said however bad it is.
    let asIs = diagnosis.table.rows.firstIndex { $0.hypothesis.slips.isEmpty }
    var kept = Set(0..<min(rows.count, max(0, count - 1)))
    if let asIs, !kept.contains(asIs), count > 2 {
      kept.remove(count - 2)
      kept.insert(asIs)
    }
    rows = kept.sorted().map { rows[$0] }
    let place = rows.firstIndex { $0.residual > 1 } ?? rows.count
    rows.insert(Row(words: "no motion", residual: 1, isFloor: true), at: place)
    return Array(rows.prefix(count))
  }

  private func draw(_ row: Row, into screen: inout Screen, in inner: Rect, y: Int) {
    // In a narrow pane names need the room.
    let bar = max(7, min(30, inner.width / (inner.width < 40 ? 4 : 3)))
    let names = max(4, inner.width - bar - 12)
    let text: Role =
      row.isBest ? .title : row.isFloor ? .floor : row.residual < 1 ? .value : .hint
    let line: Role =
      row.isBest ? .good : row.isFloor ? .floor : row.residual < 1 ? .series : .raw
    if row.isBest {
      screen.write([theme.run("▌", .good)], x: inner.x + 1, y: y, clip: inner)
    }
    screen.write(
      [theme.run(CellText.truncated(shortened(row.words, to: names), to: names), text)],
      x: inner.x + 2, y: y, clip: inner)
    let figure = ResidualFigure.text(row.residual)
    let start = inner.maxX - 1 - bar
    screen.write(
      [theme.run(figure, text)], x: start - 2 - figure.count, y: y, clip: inner)
    let end = ResidualFigure.place(row.residual)
    let one = Int(saturating: (0.4 * Double(bar - 1)).rounded())
    for k in 0..<bar {
      let isBar = Double(k) <= (end * Double(bar - 1)).rounded()
      let glyph = k == one ? "┿" : isBar ? "━" : "─"
      screen.write(
        [theme.run(glyph, k == one ? .floor : isBar ? line : .grid)], x: start + k, y: y,
        clip: inner)
    }
  }

  /// What most readings have in common goes unsaid where room is scarce.
  private func shortened(_ words: String, to columns: Int) -> String {
    let common = "velocity, "
    return words.count > columns && words.hasPrefix(common)
      ? String(words.dropFirst(common.count)) : words
  }
}

extension Diagnosis {
  /// The colour of its verdict.
  public var role: Role {
    switch verdict {
    case .sound: .good
    case .slips: .warn
    case .notTrained, .undecided: .bad
    }
  }
}
