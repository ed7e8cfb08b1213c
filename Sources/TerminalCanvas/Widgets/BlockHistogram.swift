/// A histogram on one row: a column of eighths a cell, `▁` to `█`.
public struct BlockHistogram: Hashable, Sendable {
  /// The heights, one a cell; below or at 0 leaves the cell blank.
  public var heights: [Double]

  /// A histogram.
  public init(_ heights: [Double]) { self.heights = heights }

  /// Counts values in 0…1 into `columns` cells; others count at the ends, NaN nowhere.
  public init(levels: [Double], columns: Int) {
    heights = [Double](repeating: 0, count: max(0, columns))
    guard columns > 0 else { return }
    for level in levels where !level.isNaN {
      let place = min(1, max(0, level)) * Double(columns)
      heights[min(columns - 1, Int(place))] += 1
    }
  }

  /// Draws it on the rows of `rect`, the greatest height as all of them; whatever is there at all
  /// shows.
  public func draw(into screen: inout Screen, in rect: Rect, style: Style, theme: Theme) {
    guard rect.height > 0, let greatest = heights.max(), greatest > 0 else { return }
    let blocks = theme.glyphs.blocks
    for (i, height) in heights.prefix(rect.width).enumerated() where height > 0 {
      let all = 8 * rect.height
      var eighths = min(all, max(1, Int(saturating: (height / greatest * Double(all)).rounded())))
      for y in stride(from: rect.maxY - 1, through: rect.y, by: -1) where eighths > 0 {
        screen.set(rect.x + i, y, blocks[min(8, eighths) - 1], style: style)
        eighths -= 8
      }
    }
  }
}
