/// A picture of two samples a cell: `▀` with one colour above and one below.
public enum HeatMap {
  /// Draws `paint(column, halfRow)` for the half cells of `rect`, counted from its upper left; nil
  /// leaves the terminal's background. Without colour, or in ASCII, the `level` of 0…1 shows as a
  /// number of dots; nil shows none.
  public static func draw(
    into screen: inout Screen, in rect: Rect, theme: Theme,
    level: (_ column: Int, _ halfRow: Int) -> Double? = { _, _ in nil },
    paint: (_ column: Int, _ halfRow: Int) -> Paint?
  ) {
    if theme.depth == .mono || theme.glyphs == .ascii {
      return drawLevels(into: &screen, in: rect, theme: theme, level: level)
    }
    let visible = rect.intersection(screen.bounds)
    for y in visible.y..<visible.maxY {
      for x in visible.x..<visible.maxX {
        let half = 2 * (y - rect.y)
        let upper = paint(x - rect.x, half)
        let lower = paint(x - rect.x, half + 1)
        let glyph: Unicode.Scalar
        let style: Style
        switch (upper, lower) {
        case (nil, nil): continue
        case (let top?, nil): (glyph, style) = (theme.glyphs.upperHalf, Style(foreground: top))
        case (nil, let below?):
          (glyph, style) = (
            theme.glyphs == .braille ? "▄" : theme.glyphs.upperHalf, Style(foreground: below)
          )
        case (let top?, let below?):
          (glyph, style) = (
            theme.glyphs.upperHalf, Style(foreground: top, background: below)
          )
        }
        screen.set(x, y, glyph, style: style)
      }
    }
  }

  private static let ramp: [UInt8] = [0x00, 0x02, 0x22, 0x2d, 0x77, 0xff]

  private static func drawLevels(
    into screen: inout Screen, in rect: Rect, theme: Theme, level: (Int, Int) -> Double?
  ) {
    let visible = rect.intersection(screen.bounds)
    for y in visible.y..<visible.maxY {
      for x in visible.x..<visible.maxX {
        let half = 2 * (y - rect.y)
        let levels = [level(x - rect.x, half), level(x - rect.x, half + 1)].compactMap { $0 }
        guard !levels.isEmpty else { continue }
        let mean = levels.reduce(0, +) / Double(levels.count)
        let place = Int(saturating: (min(1, max(0, mean)) * Double(ramp.count - 1)).rounded())
        guard place > 0 else { continue }
        screen.set(x, y, theme.glyphs.pattern(ramp[place]), style: theme.densityStyle(mean))
      }
    }
  }
}
