/// The key of the wheel of angles: a ring of dots in a corner, each in the colour of its direction.
public enum HueRing {
  /// The cells that the ring takes.
  public static let size = Size(columns: 9, rows: 4)

  /// Draws the ring in the upper right corner of `rect`; nothing where it does not fit.
  public static func draw(into screen: inout Screen, in rect: Rect, theme: Theme) {
    guard rect.width >= size.columns, rect.height >= size.rows else { return }
    var grid = DotGrid(size)
    let x0 = rect.maxX - size.columns
    for y in 0..<grid.height {
      for x in 0..<grid.width {
        let dx = Double(x) + 0.5 - Double(grid.width) / 2
        let dy = Double(y) + 0.5 - Double(grid.height) / 2
        let radius = (dx * dx + dy * dy).squareRoot()
        if radius <= 8.2, radius > 4.4 { grid.set(x, y) }
      }
    }
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        let bits = grid.pattern(column, row)
        guard bits != 0 else { continue }
        let turns = Elementary.turns(
          x: Double(2 * column + 1) - Double(grid.width) / 2,
          y: Double(grid.height) / 2 - Double(4 * row + 2))
        screen.set(
          x0 + column, rect.y + row, theme.glyphs.pattern(bits),
          style: Style(foreground: theme.wheel(turns)))
      }
    }
  }
}
