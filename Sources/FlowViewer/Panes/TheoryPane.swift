import FlowMatching
import TerminalCanvas

/// The identities of the theory with their residuals, for the exact field and for the learned one.
struct TheoryPane: Pane, PlotPane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let study = state.training.report.theory
    let rows = study?.rows ?? []
    let tried = rows.count { $0.exact != nil }
    let inner = Panel(
      title: "theory",
      heading: rect.width >= 60 ? [theme.run("two sides of each identity", .label)] : [],
      labels: [
        theme.run("\(rows.count { $0.exact?.passes ?? false })", .value, bold: true),
        theme.run(" of \(tried) hold", .label),
      ], isFocused: state.window.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    guard inner.height >= 3, inner.width >= 30 else { return }
    guard !rows.isEmpty else {
      let text = study == nil ? "trying them …" : "the exact field of this target is not known"
      screen.write([theme.run(text, .hint)], x: inner.x + 2, y: inner.y, clip: inner)
      return
    }
    let (head, body) = inner.split(top: 1)
    // A number of seven characters with its mark, and a blank between both.
    let ends = (exact: inner.maxX - 12, learned: inner.maxX - 2)
    screen.write([theme.run("exact", .label)], endingAt: ends.exact, y: head.y, clip: head)
    screen.write([theme.run("learned", .label)], endingAt: ends.learned, y: head.y, clip: head)
    // J and K, which move a window, move the list; an eighth of its rows at a time.
    let extra = max(0, rows.count - body.height)
    let shift = (0.5 - state.window.viewports[state.lanes.focused].y) * Double(extra)
    let first = min(
      extra, max(0, state.window.viewports[state.lanes.focused].y == 0 ? 0 : Int(saturating: shift))
    )
    for (offset, row) in rows.dropFirst(first).prefix(body.height).enumerated() {
      draw(row, ends, into: &screen, in: body, y: body.y + offset)
    }
    if extra > 0 {
      let text = "\(first + 1)–\(first + min(rows.count, body.height)) of \(rows.count), J K"
      screen.write([theme.run(text, .hint)], x: head.x + 2, y: head.y, clip: head)
    }
  }

  private func draw(
    _ row: TheoryStudy.Row, _ ends: (exact: Int, learned: Int), into screen: inout Screen,
    in rect: Rect, y: Int
  ) {
    let room = ends.exact - 10 - rect.x
    // The formula stands where it fits beside the name, else the name alone.
    let fits = room >= row.name.count + row.equation.count + 10
    var runs = [
      theme.run(NumberFormat.padded("\(row.number)", to: 2) + "  ", .hint),
      theme.run(CellText.truncated(row.name, to: max(4, room - 5)), .value),
    ]
    if fits { runs.append(theme.run("   " + row.equation, .label)) }
    screen.write(runs, x: rect.x + 1, y: y, clip: rect)
    screen.write(verdict(row.exact), endingAt: ends.exact, y: y, clip: rect)
    screen.write(verdict(row.learned), endingAt: ends.learned, y: y, clip: rect)
  }

  /// The residual, and a mark for whether it is on its side of the bound.
  private func verdict(_ verdict: TheoryVerdict?) -> [Run] {
    guard let verdict else { return [theme.run(NumberFormat.missing + "  ", .hint)] }
    let residual = verdict.residual
    // Standard errors and controls are near 1, everything else is a power of ten.
    let number =
      (0.01..<100).contains(abs(residual))
      ? NumberFormat.significant(residual, 2) : NumberFormat.scientific(residual, digits: 2)
    return [
      theme.run(number, .value),
      theme.run(verdict.passes ? " ✓" : " ×", verdict.passes ? .good : .bad),
    ]
  }
}
