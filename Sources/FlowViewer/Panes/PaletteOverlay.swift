import FlowMatching
import TerminalCanvas

/// The command palette: a prompt, the commands that fit, and a paragraph on the chosen one.
struct PaletteOverlay {
  let theme: Theme

  func draw(_ palette: Palette, _ state: AppState, into screen: inout Screen) {
    let hits = Palette.hits(palette.query, state)
    let size = screen.size
    let box = Rect(
      x: (size.columns - min(84, max(0, size.columns - 4))) / 2,
      y: size.rows >= 36 ? 5 : 0, width: min(84, max(0, size.columns - 4)),
      height: min(28, max(0, size.rows - (size.rows >= 36 ? 5 : 0))))
    screen.fade(towards: theme.backgroundColor, outside: box)
    screen.fill(box, style: theme.style(.panel))
    let count = Command.all(state).count
    let inner = Panel(
      title: "commands", labels: [theme.run("\(hits.count) of \(count)", .value)],
      isFocused: true, border: .axis
    ).draw(into: &screen, in: box, theme: theme)
    screen.paintBackground(box, theme.paint(.panel))
    guard inner.height >= 4, inner.width >= 20 else { return }
    let isRoomy = inner.height >= 20
    let (head, below) = inner.split(top: isRoomy ? 4 : 1)
    let (foot, list) = below.split(bottom: isRoomy ? 9 : inner.height >= 12 ? 4 : 1)
    screen.write(
      [
        theme.run("› ", .accent),
        theme.run(String(palette.query.suffix(max(0, head.width - 6))), .value, bold: true),
        theme.run("▏", .accent),
      ], x: head.x + 2, y: head.y + (isRoomy ? 1 : 0), clip: head)
    if isRoomy {
      rule(head.y + 2, inner, into: &screen)
      rule(foot.y + 1, inner, into: &screen)
    }
    let selection = min(palette.selection, max(0, hits.count - 1))
    drawList(hits, selection, into: &screen, in: list)
    if hits.isEmpty {
      screen.write([theme.run("nothing fits", .hint)], x: list.x + 2, y: list.y, clip: list)
    }
    let chosen = hits.indices.contains(selection) ? hits[selection].command : nil
    drawFoot(chosen, isRoomy: isRoomy, into: &screen, in: foot)
  }

  private func rule(_ y: Int, _ inner: Rect, into screen: inout Screen) {
    screen.fill(
      Rect(x: inner.x, y: y, width: inner.width, height: 1), with: theme.glyphs.horizontal,
      style: theme.style(.border).on(theme.paint(.panel)))
  }

  private func drawList(
    _ hits: [Palette.Hit], _ selection: Int, into screen: inout Screen, in rect: Rect
  ) {
    guard rect.height > 0 else { return }
    let first = max(0, min(selection - rect.height / 2, hits.count - rect.height))
    var group = ""
    for (offset, hit) in hits.dropFirst(first).prefix(rect.height).enumerated() {
      let y = rect.y + offset
      if first + offset == selection {
        screen.fill(
          Rect(x: rect.x, y: y, width: rect.width, height: 1), style: theme.style(.selectedRow))
        screen.set(rect.x, y, theme.glyphs.selection, style: theme.style(.accent))
      }
      if hit.command.group != group {
        group = hit.command.group
        screen.write([theme.run(group, .hint)], x: rect.x + 2, y: y, clip: rect)
      }
      let right = consequence(hit.command)
      let key = theme.run(hit.command.key, .key)
      screen.write([key], endingAt: rect.maxX - 2, y: y, clip: rect)
      screen.write(right, endingAt: rect.maxX - 10, y: y, clip: rect)
      let room = rect.width - 24 - right.columns
      screen.write(
        title(hit, isChosen: first + offset == selection, room: room), x: rect.x + 12, y: y,
        clip: rect)
    }
  }

  /// The title with its matched letters in the accent.
  private func title(_ hit: Palette.Hit, isChosen: Bool, room: Int) -> [Run] {
    let letters = Array(CellText.truncated(hit.command.title, to: max(4, room)))
    var runs: [Run] = []
    for (index, letter) in letters.enumerated() {
      let isMatched = hit.places.contains(index)
      runs.append(
        theme.run(
          String(letter), isMatched ? .accent : .value, bold: isMatched || isChosen))
    }
    return runs
  }

  private func consequence(_ command: Command) -> [Run] {
    switch command.consequence {
    case .now: [theme.run("✓ now", .good)]
    case .restarts: [theme.run("! restarts training", .warn)]
    case .note(let text): [theme.run(text, .hint)]
    }
  }

  private func drawFoot(
    _ command: Command?, isRoomy: Bool, into screen: inout Screen, in rect: Rect
  ) {
    var lines: [[Run]] = []
    if let command, rect.height > 1 {
      if isRoomy { lines += [[], [], [theme.run(command.title, .value, bold: true)]] }
      let text = Paragraph.lines(command.text, width: rect.width - 4)
      let room = rect.height - lines.count - 1
      lines += text.prefix(room).map { [theme.run($0, .label)] }
    }
    while lines.count + 1 < rect.height { lines.append([]) }
    let enter = [theme.run("Enter", .key), theme.run(" do   ", .hint)]
    let close = [theme.run("Esc", .key), theme.run(" close", .hint)]
    let choose = [theme.run("↑ ↓", .key), theme.run(" choose   ", .hint)]
    let group = [theme.run("Tab", .key), theme.run(" next group   ", .hint)]
    let isWide = rect.width >= 56
    lines.append((isWide ? choose : []) + enter + (isWide ? group : []) + close)
    for (row, line) in lines.enumerated() {
      screen.write(line, x: rect.x + 2, y: rect.y + row, clip: rect)
    }
  }
}

/// Text broken into lines.
enum Paragraph {
  /// The words of a text in lines of at most `width` cells; a longer word has a line of its own.
  static func lines(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if line.isEmpty {
        line = String(word)
      } else if CellText.columns(line) + 1 + CellText.columns(String(word)) <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }
}
