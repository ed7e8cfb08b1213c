import FlowMatching
import TerminalCanvas

/// The share of real words over the evaluations, of the learned posterior and of the exact one, with the
/// present number marked.
struct RealWordsPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let points = state.probes.words.study.shown?.points ?? []
    func series(_ value: (WordStudy.Point) -> Double) -> [ChartPoint] {
      points.map { ChartPoint(x: Double($0.evaluations), y: 100 * value($0)) }
    }
    let solve = state.lanes.ensemble.lanes[state.lanes.focused]
    let now = solve.totalEvaluations
    let here = points.last { $0.evaluations <= now }
    let isWide = rect.width >= 40
    let isList = state.dataset.tokens?.alphabet != nil
    var labels: [Run] = []
    if let here {
      labels = [
        theme.run(isWide ? "learned " : "", .label),
        theme.run(NumberFormat.fixed(100 * here.learned, 0), .series, bold: true),
        theme.run(isWide ? "  exact " : " ", .label),
        theme.run(NumberFormat.fixed(100 * here.exact, 0), .floor, bold: true),
        theme.run(isWide ? " at \(here.evaluations)" : "", .label),
      ]
    }
    Chart(
      series: [
        ChartSeries(series { $0.exact }, role: .floor, label: isWide ? "exact posterior" : ""),
        ChartSeries(series { $0.learned }, role: .series, label: isWide ? "learned" : ""),
      ],
      markers: here.map {
        [
          ChartMarker(
            ChartPoint(x: Double($0.evaluations), y: 100 * $0.learned), role: .series)
        ]
      } ?? [], xRange: 1...128, xScale: .powersOfTwo, yRange: 0...105
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: isList ? isWide ? "real words" : "words" : isWide ? "on the board" : "on board",
        heading: [theme.run("% over NFE", .label)], labels: labels,
        isFocused: state.window.focusedPane == .realWords), theme: theme)
    if points.isEmpty, rect.height >= 5 {
      screen.write(
        [theme.run("drawing words …", .hint)], x: rect.x + 9, y: rect.y + rect.height / 2,
        clip: rect.inset(by: 1))
    }
  }
}

/// What is known of the picked word's letters: a row for each position, its entropy, and the words that
/// fit.
struct LettersPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let picture = state.probes.words.letters
    let dataset = state.dataset
    let spelling = WordSpelling(dataset, theme.glyphs)
    let word = picture.map { spelling.text($0.word) } ?? ""
    let inner = Panel(
      title: "posterior",
      heading: [
        theme.run(rect.width >= 40 ? "of the picked word " : "", .label),
        theme.run(word, .accent, bold: true),
      ],
      labels: rect.width >= 52 ? [theme.run("entropy bits", .label)] : [],
      isFocused: state.window.focusedPane == .letters
    ).draw(into: &screen, in: rect, theme: theme)
    guard let picture, !inner.isEmpty else { return }
    let shown = min(picture.probabilities.count, max(1, inner.height - 2))
    for i in 0..<shown {
      drawRow(picture, i, dataset, spelling, into: &screen, in: inner, y: inner.y + i)
    }
    drawFitting(picture, dataset, spelling, into: &screen, in: inner, y: inner.y + shown)
  }

  private func drawRow(
    _ picture: LetterPicture, _ i: Int, _ dataset: Dataset, _ spelling: WordSpelling,
    into screen: inout Screen, in inner: Rect, y: Int
  ) {
    let probabilities = picture.probabilities[i]
    let mask = UInt16(probabilities.count)
    let most = probabilities.max() ?? 0
    let certain = most > 0.999 ? probabilities.firstIndex(of: most) : nil
    var runs: [Run] = [theme.run("\(i + 1) ", .label)]
    let room = inner.width - 10
    let columns = spelling.columns + (dataset.tokens?.alphabet == nil ? 0 : 1)
    if probabilities.count * columns <= room {
      for (letter, p) in probabilities.enumerated() {
        let text = spelling.text(UInt16(letter)) + (columns > 1 ? " " : "")
        if let certain {
          let isIt = letter == certain
          runs.append(
            isIt
              ? theme.run(text, .value, bold: true)
              : Run(text, theme.faded(theme.style(.hint), 0.5)))
        } else {
          runs.append(Run(text, p < 0.004 ? dim : theme.densityStyle(min(1, p / 0.3))))
        }
      }
    } else {
      // Too many to stand side by side: the likeliest with their shares.
      let best = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
      for letter in best.prefix(max(1, room / (columns + 6))) where probabilities[letter] > 0.004 {
        runs.append(theme.run(spelling.text(UInt16(letter)) + " ", .value))
        runs.append(
          theme.run(NumberFormat.fixed(100 * probabilities[letter], 0) + "%  ", .label))
      }
    }
    screen.write(runs, x: inner.x + 2, y: y, clip: inner)
    if picture.word[i] == mask || certain == nil {
      screen.write(
        [theme.run(NumberFormat.fixed(picture.entropy(i), 1), .value)], endingAt: inner.maxX - 1,
        y: y, clip: inner)
    }
  }

  private var dim: Style { theme.faded(theme.style(.hint), 0.5) }

  private func drawFitting(
    _ picture: LetterPicture, _ dataset: Dataset, _ spelling: WordSpelling,
    into screen: inout Screen, in inner: Rect, y: Int
  ) {
    guard y < inner.maxY, dataset.tokens is WordList else { return }
    let count = NumberFormat.grouped(picture.fittingCount)
    let words = picture.fittingCount == 1 ? " word fits" : " words fit"
    screen.write(
      [theme.run(count, .value), theme.run(words, .label)], x: inner.x + 2, y: y, clip: inner)
    guard let fitting = picture.fitting, y + 1 < inner.maxY else { return }
    var (x, row) = (inner.x + 2, y + 1)
    for word in fitting {
      let text = spelling.text(word)
      let columns = CellText.columns(text)
      if x + columns > inner.maxX - 1 { (x, row) = (inner.x + 2, row + 1) }
      guard row < inner.maxY else { return }
      screen.write([Run(text, theme.style(.label))], x: x, y: row, clip: inner)
      x += columns + 2
    }
  }
}
