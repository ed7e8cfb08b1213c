import TerminalCanvas

/// The colour scale of the clouds; above it, on the same axis, each lane's particles.
///
/// Only lanes that stand where the clock does have a histogram: the others are not to be compared.
struct SpreadPlot {
  let theme: Theme
  /// The rows of each lane's histogram.
  var rows = 1

  func draw(_ state: AppState, into screen: inout Screen, in inner: Rect) {
    let bar = Self.bar(inner)
    for x in 0..<bar.width {
      let level = Double(x) / Double(max(1, bar.width - 1))
      screen.set(
        bar.x + x, bar.y, theme.glyphs.upperHalf, style: Style(foreground: theme.endError(level)))
    }
    let top = bar.y - rows * state.lanes.all.count
    screen.write(
      [
        theme.run(
          inner.width >= 52
            ? "distance of each particle from its exact place"
              + (inner.width >= 80 ? ", each lane up to its own peak" : "")
            : "each particle from its exact place", .hint)
      ], x: bar.x, y: top - 1, clip: inner)
    let comparison = state.comparison
    for index in state.lanes.all.indices {
      guard let error = comparison[index] else { continue }
      let levels = error.particles.map { theme.endErrorLevel($0 / state.scene.errorScale) }
      BlockHistogram(levels: levels, columns: bar.width).draw(
        into: &screen,
        in: Rect(x: bar.x, y: top + rows * index, width: bar.width, height: rows),
        style: theme.style(.lane(index)), theme: theme)
    }
  }

  private static func bar(_ inner: Rect) -> Rect {
    Rect(x: inner.x + 2, y: inner.maxY - 1, width: max(0, inner.width - 4), height: 1)
  }

  /// 0.001 to 1 of the data's scale; what is beyond the ends has their colour.
  func numbers(_ state: AppState, in inner: Rect) -> [BorderNumber] {
    let bar = Self.bar(inner)
    return (0...3).map { index in
      let value = state.scene.errorScale * [0.001, 0.01, 0.1, 1][index]
      let sign = index == 0 ? "≤" : index == 3 ? "≥" : ""
      return BorderNumber(
        column: bar.x + 2 + (bar.width - 5) * index / 3, text: sign + NumberFormat.axis(value))
    }
  }
}
