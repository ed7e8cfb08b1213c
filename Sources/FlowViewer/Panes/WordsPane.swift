import FlowMatching
import TerminalCanvas

/// The wall of words: open letters as dots, those that jumped just now lit, words of the data in one
/// colour, others in another with ×.
struct WordsPane: PlotPane, Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    draw(state, lane: state.lanes.focused, into: &screen, in: rect)
  }

  /// The wall of a lane.
  func draw(_ state: AppState, lane index: Int, into screen: inout Screen, in rect: Rect) {
    let spelling = WordSpelling(state.dataset, theme.glyphs)
    let wall = Wall(rect, spelling)
    let isComparing = state.isComparing
    Panel(
      title: isComparing ? "" : "words",
      heading: isComparing ? heading(state, index) : shown(state, wall, index),
      labels: isComparing ? share(state, index) : legend(state, rect),
      isFocused: isComparing
        ? index == state.lanes.focused : state.window.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    guard let picture = state.words(ofLane: index), wall.columns > 0 else { return }
    let picked = index == state.lanes.focused ? state.pickedWord : nil
    for place in 0..<min(wall.columns * wall.rows, picture.words.count) {
      let (x, y) = wall.place(place)
      drawWord(
        picture, place, spelling, isPicked: place == picked, x: x, y: y, into: &screen, rect)
    }
  }

  /// Where words stand: a blank at both sides of each, as marks need it.
  struct Wall {
    let rect: Rect
    let width, columns, rows: Int

    init(_ rect: Rect, _ spelling: WordSpelling) {
      self.rect = rect.inset(by: 1)
      width = spelling.length * spelling.columns + 2
      columns = max(0, (self.rect.width - 1) / width)
      rows = self.rect.height
    }

    func place(_ index: Int) -> (x: Int, y: Int) {
      let margin = (rect.width - columns * width) / 2
      return (rect.x + margin + index % columns * width, rect.y + index / columns)
    }

    /// The word at a cell; nil where there is none.
    func index(x: Int, y: Int) -> Int? {
      let margin = (rect.width - columns * width) / 2
      let column = (x - rect.x - margin) / max(1, width)
      guard rect.contains(x, y), x >= rect.x + margin, column < columns else { return nil }
      return (y - rect.y) * columns + column
    }
  }

  private func drawWord(
    _ picture: WordPicture, _ j: Int, _ spelling: WordSpelling, isPicked: Bool, x: Int, y: Int,
    into screen: inout Screen, _ clip: Rect
  ) {
    let fate = picture.fates[j]
    let (n, mask) = (picture.words.count, picture.words.space.mask)
    let background = isPicked ? theme.style(.selectedRow).background : nil
    let (fateStyle, openStyle) = (style(fate).on(background), theme.style(.hint).on(background))
    let lit = theme.style(.accent, bold: true).on(background)
    let clip = clip.inset(by: 1)
    var column = x
    func put(_ text: String, _ style: Style) {
      column += screen.write(text, x: column, y: y, style: style, clip: clip)
    }
    if isPicked { put("›", theme.style(.value).on(background)) } else { column += 1 }
    for i in 0..<picture.words.space.length {
      let letter = picture.words[i, j]
      let isLit = picture.jumped[i * n + j] && !picture.key.isEnd
      put(spelling.text(letter), isLit ? lit : letter == mask ? openStyle : fateStyle)
    }
    if fate == .other {
      put(theme.glyphs == .ascii ? "x" : "×", theme.style(.bad).on(background))
    } else if isPicked {
      put("‹", theme.style(.value).on(background))
    }
  }

  private func style(_ fate: WordPicture.Fate) -> Style {
    switch fate {
    case .open: theme.style(.value)
    case .deadEnd: theme.faded(theme.style(.bad), 0.38)
    case .real: theme.style(.good)
    case .other: theme.style(.bad, bold: true)
    }
  }

  /// How many of the words there is room for; nothing where it is all of them.
  private func shown(_ state: AppState, _ wall: Wall, _ index: Int) -> [Run] {
    let (room, count) = (wall.columns * wall.rows, state.words(ofLane: index)?.words.count ?? 0)
    guard room < count else { return [] }
    return [
      theme.run(NumberFormat.grouped(room), .value),
      theme.run(" of \(NumberFormat.grouped(count))", .label),
    ]
  }

  /// What the colours mean, by example.
  private func legend(_ state: AppState, _ rect: Rect) -> [Run] {
    guard rect.width >= 44 else { return [] }
    var runs: [Run] = []
    if rect.width >= 72 {
      runs += [
        theme.run("jumped now ", .label), theme.run("a", .accent, bold: true),
        theme.run("   open ", .label), theme.run("·", .hint), theme.run("   ", .label),
      ]
    }
    let list = state.dataset.tokens?.alphabet != nil
    return runs + [
      theme.run(list ? "word " : "on the board ", .label), theme.run(list ? "sing" : "1 2", .good),
      theme.run("   not ", .label), theme.run(list ? "sxng×" : "1 9×", .bad, bold: true),
    ]
  }

  private func heading(_ state: AppState, _ index: Int) -> [Run] {
    let bullet = String(Character(theme.glyphs.bullet))
    return [
      theme.run(bullet + " ", .lane(index)),
      theme.run(state.name(ofLane: index), .lane(index), bold: true),
      theme.run(" " + state.lanes.all[index].settings.detail, .label),
    ]
  }

  /// The share of the finished words that are real.
  private func share(_ state: AppState, _ index: Int) -> [Run] {
    guard let share = state.words(ofLane: index)?.realShare else { return [] }
    return [
      theme.run("real ", .label), theme.run(NumberFormat.fixed(100 * share, 0), .value, bold: true),
      theme.run(" %", .label),
    ]
  }
}
