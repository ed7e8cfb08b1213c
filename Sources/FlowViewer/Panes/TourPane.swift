import TerminalCanvas

/// What the tour says, at the foot of the screen: two lines, and the keys that lead on.
struct TourPane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    guard let tour = state.dialogue.tour, let chapter = state.chapter, let text = state.tourText
    else { return }
    let isWide = rect.width >= 100
    let place = "\(tour.chapter + 1)/\(Chapter.all.count)"
    let scene = "\(tour.scene + 1) of \(chapter.scenes.count)"
    let inner = Panel(
      title: rect.width >= 64 ? chapter.title : "tour",
      heading: [theme.run((isWide ? "tour " : "") + place, .hint)],
      labels: keys(state, isWide: isWide),
      bottom: [
        BorderNumber(column: rect.x + rect.width / 2, text: scene)
      ], isFocused: true, border: .axis
    ).draw(into: &screen, in: rect, theme: theme)
    var lines = Paragraph.lines(text, width: inner.width - 2).map { [theme.run($0, .value)] }
    if state.openAnswer != nil, let guess = state.told?.guess {
      lines.append(answers(guess))
    } else if let answer = tour.answer, answer > 0, let right = state.told?.guess?.right,
      !lines.isEmpty, state.tellsEnd
    {
      lines = marked(text, isRight: answer == right, width: inner.width - 2)
    }
    for (row, line) in lines.enumerated() where row < inner.height {
      screen.write(line, x: inner.x + 1, y: inner.y + row, clip: inner)
    }
  }

  /// The answers with their keys.
  private func answers(_ guess: Chapter.Guess) -> [Run] {
    guess.answers.enumerated().flatMap { index, answer in
      [
        theme.run("\(index + 1)", .key), theme.run(" \(answer)", .label),
        theme.run("    ", .hint),
      ]
    }
  }

  /// The text behind the verdict on what was predicted.
  private func marked(_ text: String, isRight: Bool, width: Int) -> [[Run]] {
    let mark = isRight ? "✓ right." : "× not so."
    return Paragraph.lines(mark + " " + text, width: width).enumerated().map { row, line in
      guard row == 0 else { return [theme.run(line, .value)] }
      return [
        theme.run(mark, isRight ? .good : .warn, bold: true),
        theme.run(String(line.dropFirst(mark.count)), .value),
      ]
    }
  }

  private func keys(_ state: AppState, isWide: Bool) -> [Run] {
    func key(_ name: String, _ word: String) -> [Run] {
      [theme.run(name, .key), theme.run(" " + word, .hint)]
    }
    let back = isWide ? key("Backspace", "back   ") : []
    let close = key("Esc", "ends")
    if let guess = state.told?.guess, state.openAnswer != nil {
      let digits = guess.answers.indices.map { "\($0 + 1)" }.joined(separator: " ")
      return key(digits, "what do you think?   ") + back + close
    }
    if state.awaitsMoment {
      return [theme.run(isWide ? "waiting for it …   " : "waiting …   ", .accent)]
        + key("Enter", "skips   ") + back + close
    }
    let isLast = state.isChapterOver
    return key("Enter", isLast ? "next chapter   " : "goes on   ") + back + close
  }
}
