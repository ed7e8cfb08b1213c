import FlowMatching
import TerminalCanvas

/// The whole ways of a few particles of a lane up to t, each in a hue of its own: a line where they flow,
/// every step where they diffuse; where they leap, a circle at each stop and sparse dots between, for there
/// is no way between.
struct WaysLayer {
  let theme: Theme
  /// Dots from one to the next of a leap.
  private static let gap = 2.6

  /// The hue of one of so many.
  static func style(_ index: Int, _ theme: Theme) -> Style {
    Style(foreground: theme.wheel(Double(index) / Double(AppState.wayfarerCount)))
  }

  func draw(_ state: AppState, lane index: Int, axes: PlotAxes, into screen: inout Screen) {
    let solve = state.lanes.ensemble.lanes[index]
    let t = state.lanes.all[index].t
    let chosen = state.wayfarers
    guard solve.knows(t) else { return }
    var ways = solve.ways(of: chosen, to: t)
    guard let start = ways.first else { return }
    if let last = ways.last, last.t < t, !solve.settings.leaps {
      let now = solve.position(at: t)
      ways.append((t, Batch(points: chosen.map(now.point))))
    }
    for k in chosen.indices {
      let style = WaysLayer.style(k, theme)
      let places = ways.map { (x: $0.places[0, k], y: $0.places[1, k]) }
      var grid = DotGrid(axes.rect.size)
      for (from, to) in zip(places, places.dropFirst()) where from.x != to.x || from.y != to.y {
        if solve.settings.leaps {
          WaysLayer.dots(&grid, axes, from: from, to: to)
        } else {
          grid.line(axes, from: from, to: to)
        }
      }
      grid.draw(
        into: &screen, in: axes.rect, style: theme.faded(style, 0.2), glyphs: theme.glyphs)
      let stop: Unicode.Scalar = theme.glyphs == .braille ? "○" : "o"
      if solve.settings.leaps {
        for place in places.dropLast() { put(place, stop, style, axes, into: &screen) }
      }
      put((start.places[0, k], start.places[1, k]), stop, style, axes, into: &screen)
      if let now = places.last {
        put(now, theme.glyphs.bullet, style.bold, axes, into: &screen)
      }
    }
  }

  /// Sparse dots from one stop to the next.
  private static func dots(
    _ grid: inout DotGrid, _ axes: PlotAxes, from: (x: Double, y: Double),
    to: (x: Double, y: Double)
  ) {
    let a = (axes.dotX(from.x), axes.dotY(from.y))
    let b = (axes.dotX(to.x), axes.dotY(to.y))
    let length = ((b.0 - a.0) * (b.0 - a.0) + (b.1 - a.1) * (b.1 - a.1)).squareRoot()
    guard length.isFinite, length < 1e4 else { return }
    var s = gap
    while s < length - 1 {
      let share = s / length
      grid.set(
        Int(saturating: (a.0 + share * (b.0 - a.0)).rounded(.down)),
        Int(saturating: (a.1 + share * (b.1 - a.1)).rounded(.down)))
      s += gap
    }
  }

  private func put(
    _ place: (x: Double, y: Double), _ glyph: Unicode.Scalar, _ style: Style, _ axes: PlotAxes,
    into screen: inout Screen
  ) {
    guard let cell = axes.cell(x: place.x, y: place.y) else { return }
    screen.set(cell.column, cell.row, glyph, style: style)
  }
}
