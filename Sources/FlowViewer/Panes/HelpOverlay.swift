import TerminalCanvas

/// Help, made from the key table, and how to read the screen; in pages where the screen is small.
struct HelpOverlay {
  let theme: Theme

  /// A line of a column.
  private enum Line {
    case blank
    case heading(KeyBinding.Group)
    case key(KeyBinding)
  }

  /// How the table is laid out on a screen.
  private struct Plan {
    /// Columns side by side.
    let columns: Int
    /// Cells of a column, its gap to the next included, and of its keys.
    let columnWidth, keyWidth: Int
    /// Room to breathe where there is some: a row above the text and below it.
    let margin: Int
    let pages: [ArraySlice<[Line]>]

    init(_ size: Size, _ query: String, inWorld: Bool) {
      let isWide = size.columns >= 94
      columnWidth = isWide ? 43 : 39
      keyWidth = isWide ? 10 : 9
      columns = isWide ? min(3, (size.columns - 8) / 43) : max(1, (size.columns - 2) / 39)
      margin = size.rows >= 34 ? 1 : 0
      let flow = Plan.flow(
        KeyBindings.matching(query, inWorld: inWorld), columns: columns,
        height: max(1, size.rows - 2 - 2 * margin))
      pages = stride(from: 0, to: flow.count, by: columns).map { [columns] in
        flow[$0..<min(flow.count, $0 + columns)]
      }
    }

    /// The groups as columns of at most that height; a group is torn only where it is higher.
    private static func flow(
      _ bindings: [KeyBinding], columns: Int, height: Int
    ) -> [[Line]] {
      let blocks = KeyBinding.Group.allCases.map { group in
        [Line.heading(group)] + bindings.filter { $0.group == group }.map(Line.key)
      }.filter { $0.count > 1 }
      let total = blocks.reduce(0) { $0 + $1.count + 1 }
      let goal = (total + columns - 1) / columns
      let gap = columns > 1 || height > total + 2 ? 1 : 0
      var result: [[Line]] = [[]]
      for block in blocks {
        for from in stride(from: 0, to: block.count, by: height) {
          let piece = block[from..<min(block.count, from + height)]
          let used = result[result.count - 1].count
          let isBalanced = used + piece.count > goal + 4 && result.count < columns
          if used > 0, isBalanced || used + gap + piece.count > height {
            result.append([])
          } else if used > 0, gap > 0 {
            result[result.count - 1].append(.blank)
          }
          result[result.count - 1] += piece
        }
      }
      return result
    }
  }

  /// How many pages the keys need on a screen of that size.
  static func keyPages(_ size: Size, _ query: String, inWorld: Bool = false) -> Int {
    Plan(size, query, inWorld: inWorld).pages.count
  }

  /// How many pages there are on a screen of that size: of keys, then of words.
  static func pageCount(_ size: Size, _ query: String, inWorld: Bool = false) -> Int {
    keyPages(size, query, inWorld: inWorld) + HelpWords.pages(size, query).count
  }

  func draw(page: Int, query: String?, inWorld: Bool = false, into screen: inout Screen) {
    let size = screen.size
    let plan = Plan(size, query ?? "", inWorld: inWorld)
    if page >= plan.pages.count {
      return HelpWords(theme: theme).draw(
        page: page - plan.pages.count, query: query, heading: heading(query), into: &screen)
    }
    let flow = plan.pages[page]
    let margin = plan.margin
    // While something is typed the box keeps its size.
    let whole = query == nil ? plan : Plan(size, "", inWorld: inWorld)
    let height = whole.pages.flatMap { $0 }.map(\.count).max() ?? 0
    let legend = self.legend(width: plan.columns * plan.columnWidth - 4)
    let showsLegend = whole.pages.count == 1 && height + legend.count + 5 <= size.rows
    let box = screen.bounds.centred(
      width: min(size.columns, plan.columns * plan.columnWidth + 6),
      height: height + 2 + 2 * margin + (showsLegend ? legend.count + 1 + margin : 0))
    screen.fade(towards: theme.backgroundColor, outside: box)
    screen.fill(box, style: theme.style(.panel))
    let inner = Panel(
      title: "keys", heading: heading(query), labels: labels(page: page, of: plan.pages.count),
      isFocused: true,
      border: .axis
    ).draw(into: &screen, in: box, theme: theme)
    screen.paintBackground(box, theme.paint(.panel))
    let left = inner.x + max(0, min(3, (inner.width + 2 - plan.columns * plan.columnWidth) / 2))
    for (index, lines) in flow.enumerated() {
      for (row, line) in lines.enumerated() where row < inner.height {
        screen.write(
          runs(line, keyWidth: plan.keyWidth), x: left + index * plan.columnWidth,
          y: inner.y + margin + row, clip: inner)
      }
    }
    drawDepth(into: &screen, in: box)
    guard showsLegend else { return }
    let top = inner.maxY - margin - legend.count
    if margin > 0 {
      screen.fill(
        Rect(x: inner.x, y: top - 1, width: inner.width, height: 1), with: theme.glyphs.horizontal,
        style: theme.style(.border).on(theme.paint(.panel)))
    }
    for (row, line) in legend.enumerated() {
      screen.write(line, x: left, y: top + row, clip: inner)
    }
  }

  /// How to have all colours, on the border: xterm and ssh drop the variable that promises them.
  private func drawDepth(into screen: inout Screen, in box: Rect) {
    guard theme.depth == .indexed256 else { return }
    let words = [
      theme.run(" 256 colours; for all of them ", .hint), theme.run("--colors 24bit", .value),
      theme.run(" ", .hint),
    ]
    guard words.columns <= box.width - 4 else { return }
    let background = theme.paint(.panel)
    screen.write(
      words.map { Run($0.text, $0.style.on(background)) }, endingAt: box.maxX - 2, y: box.maxY - 1)
  }

  private func heading(_ query: String?) -> [Run] {
    guard let query else { return [theme.run("/", .key), theme.run(" search", .hint)] }
    return [theme.run("/" + query, .accent, bold: true), theme.run("▏", .accent)]
  }

  private func labels(page: Int, of count: Int) -> [Run] {
    let close = [theme.run("Esc", .key), theme.run(" close", .hint)]
    let words = [theme.run("?", .key), theme.run(" words   ", .hint)] + close
    guard page + 1 < count else { return words }
    return [theme.run("↓", .key), theme.run(" more   ", .hint)] + words
  }

  private func runs(_ line: Line, keyWidth: Int) -> [Run] {
    switch line {
    case .blank:
      return []
    case .heading(let group):
      return [theme.run(group.rawValue, .accent, bold: true)]
    case .key(let binding):
      let keys = theme.run(binding.label, .key)
      let pad = String(repeating: " ", count: max(1, keyWidth - keys.columns))
      return [keys, theme.run(pad + binding.help, .label)]
    }
  }

  private func legend(width: Int) -> [[Run]] {
    let parts: [[Run]] = [
      [theme.run("shape", .value), theme.run(" of a cell: which dots hold particles", .label)],
      [theme.run("colour", .value), theme.run(": how many, see the bar", .label)],
      [
        theme.run("colour of a lane", .value),
        theme.run(": distance from the exact place", .label),
      ],
      [theme.run("grey outline", .value), theme.run(": holds 95 % of the target", .label)],
      [theme.run("floor", .floor), theme.run(" of the loss: no network can go below", .label)],
      [theme.run("excess", .value), theme.run(": loss − floor, the field's true error", .label)],
      [theme.run("●", .accent), theme.run(" the present t", .label)],
    ]
    var lines: [[Run]] = [[theme.run("reading the screen", .accent, bold: true)], []]
    for part in parts {
      let last = lines.count - 1
      if lines[last].isEmpty {
        lines[last] = part
      } else if lines[last].columns + part.columns + 5 <= width {
        lines[last] += [theme.run("     ", .label)] + part
      } else {
        lines.append(part)
      }
    }
    return lines
  }
}
