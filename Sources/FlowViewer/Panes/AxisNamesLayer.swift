import TerminalCanvas

/// Along what points beyond the plane are seen, and how much of the target's variance lies there.
struct AxisNamesLayer {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in inner: Rect) {
    guard let seen = state.seenAxes, inner.height >= 4, inner.width >= 12 else { return }
    let width = inner.width / 2
    if !seen.y.name.isEmpty {
      screen.write(
        [theme.run("↑ " + CellText.truncated(seen.y.words, to: width), .label)], x: inner.x + 1,
        y: inner.y, clip: inner)
    }
    screen.write(
      [theme.run(CellText.truncated(seen.x.words, to: width) + " →", .label)],
      endingAt: inner.maxX - 2, y: inner.maxY - 1, clip: inner)
  }
}
