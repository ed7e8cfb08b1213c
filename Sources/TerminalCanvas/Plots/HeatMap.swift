/// A picture of two samples a cell: `▀` with one colour above and one below.
public enum HeatMap {
  /// Draws `paint(column, halfRow)` for the half cells of `rect`, counted from its upper left; nil
  /// leaves the terminal's background.
  public static func draw(
    into screen: inout Screen, in rect: Rect, theme: Theme,
    paint: (_ column: Int, _ halfRow: Int) -> Paint?
  ) {
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
}
