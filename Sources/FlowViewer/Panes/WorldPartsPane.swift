import FlowMatching
import TerminalCanvas

/// The components of an exact world as they stand, the chosen one lit.
struct WorldPartsPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    guard let world = state.world else {
      Panel(title: "components").draw(into: &screen, in: rect, theme: theme)
      return
    }
    let inner = Panel(
      title: world.isOfPoints ? "points" : "components",
      labels: [
        theme.run("\(world.parts.count)", .value, bold: true),
        theme.run(
          world.canUndo && rect.width >= 30 ? " · U undoes" : "", .label),
      ], isFocused: state.window.focusedPane == .worldParts
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty else { return }
    let decimals = WorldPartsPane.decimals(world.scale)
    let columns = self.columns(world, decimals)
    // Where there is one line it is the chosen one's.
    let heading = inner.height > 1 ? 1 : 0
    if heading == 1 { drawHeadings(world, columns, into: &screen, in: inner) }
    let count = world.parts.count + 1
    let room = inner.height - heading
    // The chosen one stays in sight.
    let first = max(0, min(count - room, world.chosen - room / 2))
    for row in 0..<min(room, count) {
      draw(
        first + row, world, columns, decimals, into: &screen, in: inner,
        y: inner.y + heading + row)
    }
  }

  /// As many decimals as tell places apart that are a hundredth of the spread from each other.
  static func decimals(_ scale: Double) -> Int {
    var decimals = 0
    var step = scale / 50
    while step < 1, decimals < 12 {
      step *= 10
      decimals += 1
    }
    return min(12, decimals)
  }

  /// The columns where numbers end: x, y, width and weight.
  private func columns(_ world: ExactWorld, _ decimals: Int) -> [Int] {
    let widest =
      world.parts.flatMap(\.mean).map {
        CellText.columns(NumberFormat.fixed($0, decimals))
      }.max() ?? 4
    let width = max(5, widest) + 1
    let x = 4 + width
    return [x, x + width, x + width + max(6, decimals + 3), x + width + max(6, decimals + 3) + 7]
  }

  private func drawHeadings(
    _ world: ExactWorld, _ columns: [Int], into screen: inout Screen, in inner: Rect
  ) {
    let names = world.isOfPoints ? ["x", "y"] : ["x", "y", "width", "weight"]
    for (name, end) in zip(names, columns) where end < inner.width {
      screen.write([theme.run(name, .hint)], endingAt: inner.x + end, y: inner.y, clip: inner)
    }
  }

  private func draw(
    _ index: Int, _ world: ExactWorld, _ columns: [Int], _ decimals: Int,
    into screen: inout Screen, in inner: Rect, y: Int
  ) {
    let isChosen = index == world.chosen
    let isCursor = index >= world.parts.count
    if isChosen {
      screen.paintBackground(
        Rect(x: inner.x, y: y, width: inner.width, height: 1), theme.paint(.selectedRow))
    }
    let ground = isChosen ? theme.paint(.selectedRow) : nil
    func write(_ text: String, _ role: Role, endingAt column: Int) {
      var run = theme.run(text, role, bold: isChosen)
      if let ground { run = Run(run.text, run.style.on(ground)) }
      screen.write([run], endingAt: inner.x + column, y: y, clip: inner)
    }
    write(isChosen ? "▸" : " ", .accent, endingAt: 1)
    write(isCursor ? "┼" : "\(index + 1)", isChosen ? .accent : .lane1, endingAt: 4)
    let mean = isCursor ? world.cursor : world.parts[index].mean
    var texts = mean.map { NumberFormat.fixed($0, decimals) }
    if !isCursor, !world.isOfPoints {
      texts.append(NumberFormat.fixed(world.parts[index].deviation, decimals + 1))
      texts.append(NumberFormat.fixed(100 * world.share(index), 1) + " %")
    }
    for (text, end) in zip(texts, columns) where end < inner.width {
      write(text, isCursor ? .label : .value, endingAt: end)
    }
  }
}
