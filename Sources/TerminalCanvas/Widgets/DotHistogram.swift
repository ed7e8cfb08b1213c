/// How values spread: columns of dots, two a cell, with a line at one of them.
public struct DotHistogram: Sendable {
  /// The values; those outside the range are left out.
  public var values: [Double]
  /// What the width stands for.
  public var range: ClosedRange<Double>
  /// Where a line stands.
  public var marker: Double?

  /// A histogram.
  public init(values: [Double], range: ClosedRange<Double>, marker: Double? = nil) {
    self.values = values
    self.range = range
    self.marker = marker
  }

  /// Draws the columns, the highest as high as `rect`.
  public func draw(into screen: inout Screen, in rect: Rect, theme: Theme, role: Role = .series) {
    var grid = DotGrid(rect.size)
    let span = range.upperBound - range.lowerBound
    guard grid.width > 0, grid.height > 0, span > 0 else { return }
    var counts = [Int](repeating: 0, count: grid.width)
    for value in values where range.contains(value) {
      let place = (value - range.lowerBound) / span * Double(grid.width)
      counts[min(grid.width - 1, Int(saturating: place))] += 1
    }
    let greatest = max(1, counts.max() ?? 1)
    for (x, count) in counts.enumerated() where count > 0 {
      let height = max(1, count * grid.height / greatest)
      for y in grid.height - height..<grid.height { grid.set(x, y) }
    }
    grid.draw(into: &screen, in: rect, style: theme.style(role), glyphs: theme.glyphs)
    guard let marker, range.contains(marker) else { return }
    let column = Int(saturating: (marker - range.lowerBound) / span * Double(rect.width - 1))
    for y in rect.y..<rect.maxY {
      screen.set(rect.x + column, y, theme.glyphs.vertical, style: theme.style(.accent))
    }
  }
}
