import FlowMatching
import TerminalCanvas

/// Two letters as a place on a board: how many sequences are there, two rows a cell, and this step's jumps.
struct BoardPane: PlotPane, Pane {
  let theme: Theme
  /// The most jumps that are drawn.
  private static let strokes = 48

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let picture = state.words(ofLane: state.lanes.focused)
    let open = picture.map { picture in
      (0..<picture.words.count).count {
        picture.words.sequence($0).contains(picture.words.space.mask)
      }
    }
    let inner = Panel(
      title: "board",
      labels: [
        theme.run(NumberFormat.grouped(picture?.words.count ?? 0), .value),
        theme.run(" sequences", .label),
        theme.run(open.map { $0 > 0 ? ", \(NumberFormat.grouped($0)) open" : "" } ?? "", .label),
      ], isFocused: state.window.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    guard let picture, picture.words.space.length == 2, !inner.isEmpty,
      let tokens = state.dataset.tokens
    else { return }
    let grid = Grid(inner, letters: picture.words.space.letters)
    var counts = [Int](repeating: 0, count: grid.columns * grid.rows)
    for j in 0..<picture.words.count {
      if let place = grid.place(picture.words[0, j], picture.words[1, j]) {
        counts[place.row * grid.columns + place.column] += 1
      }
    }
    let full = max(1, Double(counts.max() ?? 1))
    let dark = support(tokens, grid)
    for y in 0..<(grid.rows + 1) / 2 {
      for x in 0..<grid.columns {
        let paints = [2 * y, 2 * y + 1].map { row -> Paint? in
          guard row < grid.rows else { return nil }
          let count = counts[row * grid.columns + x]
          if count > 0 { return theme.density(0.25 + 0.75 * (Double(count) / full).squareRoot()) }
          return dark[row * grid.columns + x] ? theme.silhouette(1) : nil
        }
        drawCell(paints, x: grid.rect.x + x, y: grid.rect.y + y, into: &screen)
      }
    }
    drawJumps(state, picture, grid, into: &screen)
  }

  /// Which cells of the screen stand for which letters.
  private struct Grid {
    let rect: Rect
    let columns, rows, letters: Int

    init(_ inner: Rect, letters: Int) {
      self.letters = letters
      // As wide as high: a cell is two rows high.
      let side = min(letters, inner.width, 2 * inner.height)
      columns = side
      rows = side
      rect = inner.centred(width: side, height: (side + 1) / 2)
    }

    /// The place of two letters, the second upwards; nil where one is open.
    func place(_ a: UInt16, _ b: UInt16) -> (column: Int, row: Int)? {
      guard Int(a) < letters, Int(b) < letters else { return nil }
      return (Int(a) * columns / letters, rows - 1 - Int(b) * rows / letters)
    }
  }

  /// Which places the data can have, by the letters in their middle.
  private func support(_ tokens: any TokenDistribution, _ grid: Grid) -> [Bool] {
    (0..<grid.rows * grid.columns).map { k in
      let a = (k % grid.columns * 2 + 1) * grid.letters / (2 * grid.columns)
      let b = ((grid.rows - 1 - k / grid.columns) * 2 + 1) * grid.letters / (2 * grid.rows)
      return tokens.probability(of: [UInt16(a), UInt16(b)]) > 0
    }
  }

  private func drawCell(_ paints: [Paint?], x: Int, y: Int, into screen: inout Screen) {
    guard paints.contains(where: { $0 != nil }) else { return }
    if theme.glyphs == .ascii || theme.depth == .mono {
      let marks: [Unicode.Scalar] = [".", ":"]
      screen.set(x, y, marks[paints.count { $0 != nil } - 1], style: theme.style(.value))
      return
    }
    var style = Style(foreground: paints[0] ?? paints[1] ?? .standard)
    switch (paints[0], paints[1]) {
    case (let top?, let bottom?):
      style.foreground = top
      style.background = bottom
      screen.set(x, y, "▀", style: style)
    case (_?, nil): screen.set(x, y, "▀", style: style)
    default: screen.set(x, y, "▄", style: style)
    }
  }

  /// A stroke for each jump of one letter: along a row, or along a column.
  private func drawJumps(
    _ state: AppState, _ picture: WordPicture, _ grid: Grid, into screen: inout Screen
  ) {
    guard !picture.key.isEnd else { return }
    let solve = state.lanes.ensemble.lanes[state.lanes.focused]
    let before = solve.jumps(at: state.focusedLane.t).before
    let mask = Double(picture.words.space.mask)
    let style = theme.style(.accent)
    var drawn = 0
    for j in 0..<picture.words.count where drawn < BoardPane.strokes {
      let (a, b) = (before[0, j], before[1, j])
      guard a < mask, b < mask, let end = grid.place(picture.words[0, j], picture.words[1, j]),
        let start = grid.place(UInt16(a), UInt16(b)), start != end
      else { continue }
      drawn += 1
      let y = grid.rect.y + end.row / 2
      if start.row == end.row {
        for x in min(start.column, end.column)...max(start.column, end.column) {
          screen.set(grid.rect.x + x, y, "─", style: style)
        }
      } else if start.column == end.column {
        for row in min(start.row, end.row) / 2...max(start.row, end.row) / 2 {
          screen.set(grid.rect.x + end.column, grid.rect.y + row, "│", style: style)
        }
      }
      screen.set(
        grid.rect.x + end.column, y, Character(theme.glyphs.bullet).unicodeScalars.first ?? "o",
        style: style.bold)
    }
  }
}
