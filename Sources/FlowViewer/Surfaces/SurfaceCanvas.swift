import TerminalCanvas

/// A picture of a surface while it is drawn: two mixed colours a cell, and over them dots.
///
/// All that glows is mixed before the cells are written; a cell with dots has the mean of its two colours
/// behind them.
struct SurfaceCanvas {
  let theme: Theme
  let axes: PlotAxes
  /// The colours of half cells, where something is painted.
  private(set) var ground: [SurfaceColor]
  private(set) var isPainted: [Bool]
  private var patterns: [UInt8]
  private var styles: [Style]
  private var columns: Int { axes.rect.width }
  private var rows: Int { axes.rect.height }

  init(theme: Theme, axes: PlotAxes) {
    self.theme = theme
    self.axes = axes
    let cells = axes.rect.width * axes.rect.height
    ground = [SurfaceColor](repeating: theme.surfaceBackground, count: 2 * cells)
    isPainted = [Bool](repeating: false, count: 2 * cells)
    patterns = [UInt8](repeating: 0, count: cells)
    styles = [Style](repeating: .plain, count: cells)
  }

  /// Paints a half cell.
  mutating func paint(_ half: Int, _ color: SurfaceColor) {
    ground[half] = color
    isPainted[half] = true
  }

  /// Puts dots into a cell in place of those that were there.
  mutating func put(_ column: Int, _ row: Int, _ pattern: UInt8, _ style: Style) {
    patterns[row * columns + column] = pattern
    styles[row * columns + column] = style
  }

  /// Puts the cells of a grid that have dots.
  mutating func put(_ grid: DotGrid, _ style: Style) {
    for row in 0..<rows {
      for column in 0..<columns {
        let pattern = grid.pattern(column, row)
        if pattern != 0 { put(column, row, pattern, style) }
      }
    }
  }

  /// Writes the cells.
  func flush(into screen: inout Screen) {
    // A table by the colour's own bits: most cells have a colour that was seen just before.
    let bits: UInt32 = columns * rows < 512 ? 8 : 12
    var known = [(key: UInt32, ink: Ink)?](repeating: nil, count: 1 << bits)
    let background = theme.surfaceBackground
    func ink(_ color: SurfaceColor, _ screen: inout Screen) -> Ink {
      let steps = ((color - background) / 3).rounded(.toNearestOrAwayFromZero) + 256
      let key = UInt32(steps.x) << 20 | UInt32(steps.y) << 10 | UInt32(steps.z)
      let slot = Int((key &* 2_654_435_761) >> (32 - bits))
      if let known = known[slot], known.key == key { return known.ink }
      let ink = screen.ink(theme.paint(color))
      known[slot] = (key, ink)
      return ink
    }
    for row in 0..<rows {
      // What the half cells before these were painted in.
      let lent = Lent(tolerance: theme.depth == .direct ? 4 : 0)
      var (above, below, behind, dots) = (lent, lent, lent, lent)
      for column in 0..<columns {
        let cell = row * columns + column
        let (upper, lower) = (2 * row * columns + column, (2 * row + 1) * columns + column)
        let (x, y) = (axes.rect.x + column, axes.rect.y + row)
        if patterns[cell] != 0 {
          let isBare = !isPainted[upper] && !isPainted[lower]
          let mean = (ground[upper] + ground[lower]) / 2
          let background = isBare ? nil : behind.ink(mean) { ink($0, &screen) }
          let style = styles[cell]
          screen.set(
            x, y, scalar: theme.glyphs.pattern(patterns[cell]).value,
            foreground: theme.mixable(style.foreground).map { color in
              dots.ink(color) { _ in screen.ink(style.foreground) }
            } ?? screen.ink(style.foreground), background: background,
            attributes: style.attributes)
          continue
        }
        switch (isPainted[upper], isPainted[lower]) {
        case (false, false): continue
        case (true, false):
          screen.set(
            x, y, scalar: theme.glyphs.upperHalf.value, foreground: ink(ground[upper], &screen))
        case (false, true):
          screen.set(x, y, scalar: 0x2584, foreground: ink(ground[lower], &screen))
        case (true, true):
          let first = above.ink(ground[upper]) { ink($0, &screen) }
          let second = below.ink(ground[lower]) { ink($0, &screen) }
          // One colour needs no glyph, and fewer bytes.
          screen.set(
            x, y, scalar: first == second ? 0x20 : theme.glyphs.upperHalf.value,
            foreground: first, background: second)
        }
      }
    }
  }
}

/// The paint of a half cell, or of a cell's dots, which the next one to the right takes as well where its own
/// is all but the same: a terminal is told a colour where it changes, and shades of a body hardly do.
///
/// Of few colours neighbours are the same or far apart: there none is lent, which would draw stripes.
private struct Lent {
  private var color = SurfaceColor(repeating: -256)
  private var ink = Ink.standard
  /// Of 255, in each channel.
  private let tolerance: Float

  init(tolerance: Float) { self.tolerance = tolerance }

  mutating func ink(_ wanted: SurfaceColor, _ find: (SurfaceColor) -> Ink) -> Ink {
    let difference = wanted - color
    let largest = max(abs(difference.x), max(abs(difference.y), abs(difference.z)))
    if largest > tolerance { (color, ink) = (wanted, find(wanted)) }
    return ink
  }
}
