import FlowMatching
import TerminalCanvas

/// The same few words at each tick of time, two of which go wrong where any do, before κ as a hill.
struct WordFilm {
  let theme: Theme

  func draw(_ state: AppState, centres: [Int], into screen: inout Screen, in rect: Rect, line: Rect)
  {
    guard let tokens = state.dataset.tokens, state.traits.tokens != nil else { return }
    drawHill(state, into: &screen, in: rect, line: line)
    let frames = state.playback.filmFrames
    guard let last = frames.last, last.dimension == tokens.space.length else { return }
    let times = state.filmTimes
    let spelling = WordSpelling(state.dataset, theme.glyphs)
    let isDone = frames.count == times.count
    // Until all of them have arrived nobody knows which go wrong.
    let chosen =
      isDone
      ? words(last, tokens, count: rect.height) : Array(0..<min(rect.height, last.count))
    for (index, frame) in frames.enumerated().prefix(min(centres.count, times.count)) {
      let isAhead = times[index] > state.playback.clock.t + 1e-9
      for (row, j) in chosen.enumerated() {
        let word = (0..<frame.dimension).map { UInt16(exactly: frame[$0, j]) ?? 0 }
        drawWord(
          word, spelling, state, tokens, isEnd: isDone && index == frames.count - 1,
          isAhead: isAhead,
          centre: centres[index], y: rect.y + row, into: &screen, rect)
      }
    }
  }

  private func drawWord(
    _ word: [UInt16], _ spelling: WordSpelling, _ state: AppState, _ tokens: any TokenDistribution,
    isEnd: Bool,
    isAhead: Bool, centre: Int, y: Int, into screen: inout Screen, _ clip: Rect
  ) {
    let isFinished =
      state.experiment.tokenPath.source == .mask
      ? !word.contains(tokens.space.mask) : isEnd
    let isReal = isFinished && tokens.probability(of: word) > 0
    var style = theme.style(isFinished ? (isReal ? .good : .bad) : .value)
    if isAhead { style = theme.faded(style, 0.58) }
    var runs = [Run(spelling.text(word), style)]
    if isFinished && !isReal { runs.append(Run(theme.glyphs == .ascii ? "x" : "×", style)) }
    screen.write(runs, x: centre - runs.columns / 2, y: y, clip: clip)
  }

  /// The first words with both ends that there are: at most two that go wrong.
  private func words(_ end: Batch, _ tokens: any TokenDistribution, count: Int) -> [Int] {
    let space = tokens.space
    let all = Array(0..<min(end.count, 256))
    let words = TokenSequences(space: space, points: end.prefix(all.count))
    let wrong = all.filter { tokens.probability(of: words.sequence($0)) == 0 }
    let right = all.filter { !wrong.contains($0) }
    let few = Array(wrong.prefix(2))
    return (few + right.prefix(max(0, count - few.count))).sorted().prefix(count).map { $0 }
  }

  /// κ_t, the share of letters that are set, brighter as far as t has come.
  private func drawHill(_ state: AppState, into screen: inout Screen, in rect: Rect, line: Rect) {
    guard theme.depth == .direct || theme.depth == .indexed256, theme.glyphs != .ascii else {
      return
    }
    let schedule = state.experiment.tokenPath.schedule
    let blocks = theme.glyphs.blocks
    for x in line.x..<line.maxX {
      let t = TimeLine.time(at: x, in: line)
      let height = schedule.kappa(t) * Double(rect.height)
      let isPlayed = t <= state.playback.clock.t
      let style = theme.faded(theme.style(.series), isPlayed ? 0.8 : 0.92)
      for row in 0..<rect.height {
        let part = height - Double(rect.height - 1 - row)
        guard part > 0 else { continue }
        let eighths = min(8, max(1, Int(saturating: (part * 8).rounded())))
        screen.set(x, rect.y + row, blocks[eighths - 1], style: style)
      }
    }
  }
}
