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
    let isComparing = state.isComparing
    Panel(
      title: isComparing ? "" : "words", heading: isComparing ? heading(state, index) : [],
      labels: isComparing ? share(state, index) : legend(state, rect),
      isFocused: isComparing
        ? index == state.lanes.focused : state.window.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    let wall = Wall(rect, state.dataset)
    guard let picture = state.words(ofLane: index), wall.columns > 0 else { return }
    for place in 0..<min(wall.columns * wall.rows, picture.words.count) {
      let (x, y) = wall.place(place)
      let isPicked = place == state.pickedWord && index == state.lanes.focused
      drawWord(picture, place, state.dataset, isPicked: isPicked, x: x, y: y, into: &screen, rect)
    }
  }

  /// Where words stand: a blank at both sides of each, as marks need it.
  struct Wall {
    let rect: Rect
    let width, columns, rows: Int

    init(_ rect: Rect, _ dataset: Dataset) {
      self.rect = rect.inset(by: 1)
      let length = dataset.tokens?.space.length ?? 1
      width = length * WordsPane.letterColumns(dataset) + 2
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

  /// The cells of the widest letter, with a blank between numbers.
  static func letterColumns(_ dataset: Dataset) -> Int {
    guard let tokens = dataset.tokens else { return 1 }
    guard let alphabet = tokens.alphabet else { return "\(tokens.space.letters - 1)".count + 1 }
    return max(1, alphabet.letters.map { CellText.columns(String($0)) }.max() ?? 1)
  }

  /// A letter in as many cells as the widest has.
  static func text(_ letter: UInt16, _ dataset: Dataset, open: String = "·") -> String {
    let columns = letterColumns(dataset)
    var text = open
    if let tokens = dataset.tokens, letter < tokens.space.mask {
      text = tokens.alphabet.map { String($0.letter(letter)) } ?? "\(letter)"
    }
    return String(repeating: " ", count: max(0, columns - CellText.columns(text))) + text
  }

  private func drawWord(
    _ picture: WordPicture, _ j: Int, _ dataset: Dataset, isPicked: Bool, x: Int, y: Int,
    into screen: inout Screen, _ clip: Rect
  ) {
    let fate = picture.fates[j]
    let n = picture.words.count
    let background = isPicked ? theme.style(.selectedRow).background : nil
    var runs: [Run] = []
    if isPicked { runs.append(Run("›", theme.style(.value).on(background))) }
    for i in 0..<picture.words.space.length {
      let letter = picture.words[i, j]
      let isLit = picture.jumped[i * n + j] && !picture.key.isEnd
      var style = style(fate)
      if letter == picture.words.space.mask { style = theme.style(.hint) }
      if isLit { style = theme.style(.accent, bold: true) }
      let open = theme.glyphs == .ascii ? "." : "·"
      runs.append(
        Run(WordsPane.text(letter, dataset, open: open), style.on(background)))
    }
    if fate == .other {
      runs.append(Run(theme.glyphs == .ascii ? "x" : "×", theme.style(.bad).on(background)))
    } else if isPicked {
      runs.append(Run("‹", theme.style(.value).on(background)))
    }
    screen.write(runs, x: x + (isPicked ? 0 : 1), y: y, clip: clip.inset(by: 1))
  }

  private func style(_ fate: WordPicture.Fate) -> Style {
    switch fate {
    case .open: theme.style(.value)
    case .deadEnd: theme.faded(theme.style(.bad), 0.38)
    case .real: theme.style(.good)
    case .other: theme.style(.bad, bold: true)
    }
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
