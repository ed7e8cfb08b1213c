import FlowMatching
import TerminalCanvas

/// A question in the middle of the screen: what would be trained anew.
struct QuestionOverlay {
  let theme: Theme

  func draw(_ question: Question, into screen: inout Screen) {
    let box = screen.bounds.centred(width: 62, height: 6)
    screen.fade(towards: theme.backgroundColor, outside: box)
    screen.fill(box, style: theme.style(.panel))
    let inner = Panel(title: "restart training?", isFocused: true, border: .axis)
      .draw(into: &screen, in: box, theme: theme)
    screen.paintBackground(box, theme.paint(.panel))
    let keys = [
      theme.run("y", .key), theme.run(" restart", .hint), theme.run("     d D", .key),
      theme.run(" other data", .hint), theme.run("     Esc", .key),
      theme.run(" keep training", .hint),
    ]
    let change = CellText.truncated(question.change, to: max(0, inner.width - 4))
    let lines = [
      [theme.run(change, .value, bold: true)],
      [theme.run("The weights learned so far are thrown away.", .label)], [], keys,
    ]
    for (row, line) in lines.enumerated() {
      screen.write(line, x: inner.x + 2, y: inner.y + row, clip: inner)
    }
  }
}

/// The list of parameters: rows to choose, values to edit, and what a change does.
struct ParameterOverlay {
  let theme: Theme

  func draw(_ list: ParameterList, _ state: AppState, into screen: inout Screen) {
    let rows = state.parameters
    let size = screen.size
    let box = screen.bounds.centred(
      width: min(72, size.columns), height: min(size.rows, rows.count + 8))
    screen.fade(towards: theme.backgroundColor, outside: box)
    screen.fill(box, style: theme.style(.panel))
    let inner = Panel(
      title: "parameters", labels: [theme.run("! restarts training", .warn)], isFocused: true,
      border: .axis
    ).draw(into: &screen, in: box, theme: theme)
    screen.paintBackground(box, theme.paint(.panel))
    guard inner.height > 0, inner.width > 20 else { return }
    let foot = min(5, max(1, inner.height - 3))
    let (text, body) = inner.split(bottom: foot)
    let selection = min(max(0, list.selection), rows.count - 1)
    let first = max(0, min(selection - body.height / 2, rows.count - body.height))
    for (offset, parameter) in rows.dropFirst(first).prefix(body.height).enumerated() {
      let y = body.y + offset
      drawRow(parameter, first + offset == selection, list, state, into: &screen, body, y)
    }
    drawFoot(rows[selection], list, state, into: &screen, in: text)
  }

  private func drawRow(
    _ parameter: Parameter, _ isChosen: Bool, _ list: ParameterList, _ state: AppState,
    into screen: inout Screen, _ body: Rect, _ y: Int
  ) {
    if isChosen {
      let row = Rect(x: body.x, y: y, width: body.width, height: 1)
      screen.fill(row, style: theme.style(.selectedRow))
      screen.set(body.x, y, theme.glyphs.selection, style: theme.style(.accent))
    }
    let value = state.value(of: parameter)
    var runs = [theme.run(parameter.title(of: value), .value, bold: isChosen)]
    if isChosen, let text = list.text {
      runs = [
        theme.run(text, .accent, bold: true), theme.run("▏", .accent),
        theme.run("  was \(value)", .hint),
      ]
    }
    screen.write([theme.run(parameter.title, .label)], x: body.x + 2, y: y, clip: body)
    screen.write(runs, x: body.x + 20, y: y, clip: body)
    if parameter.restartsTraining {
      screen.write([theme.run("!", .warn)], endingAt: body.maxX - 1, y: y, clip: body)
    }
  }

  private func drawFoot(
    _ parameter: Parameter, _ list: ParameterList, _ state: AppState, into screen: inout Screen,
    in rect: Rect
  ) {
    var lines: [[Run]] = []
    if let mistake = list.mistake {
      let text = "! \(parameter.title) \(mistake)"
      lines += Paragraph.lines(text, width: rect.width - 4).prefix(3).map { [theme.run($0, .bad)] }
    } else {
      lines.append([theme.run(parameter.range, .hint)])
    }
    lines += Paragraph.lines(parameter.summary, width: rect.width - 4).prefix(2).map {
      [theme.run($0, .label)]
    }
    let editing = list.text != nil
    let keys = [
      theme.run("↑ ↓", .key), theme.run(" choose   ", .hint),
      theme.run(editing ? "Enter" : "← →", .key),
      theme.run(editing ? " set   " : " change   ", .hint),
      theme.run(editing ? "Esc" : "Enter", .key),
      theme.run(editing ? " leave it" : " type   ", .hint),
    ]
    let close = editing ? [] : [theme.run("Esc", .key), theme.run(" close", .hint)]
    while lines.count + 1 < rect.height { lines.append([]) }
    lines = Array(lines.prefix(max(0, rect.height - 1)))
    lines.append((rect.width >= 56 || editing ? keys : Array(keys.suffix(2))) + close)
    for (row, line) in lines.enumerated() {
      screen.write(line, x: rect.x + 2, y: rect.y + row, clip: rect)
    }
  }
}
