/// The last values of a number as one row of dots, between their own least and greatest.
public struct Sparkline: Hashable, Sendable {
  /// The values, oldest first; those that are not finite leave a gap.
  public var values: [Double]

  /// A sparkline.
  public init(_ values: [Double]) { self.values = values }

  /// Draws the last two values a cell on the first row of `rect`, the newest at its right edge.
  public func draw(
    into screen: inout Screen, in rect: Rect, theme: Theme, role: Role = .series
  ) {
    guard !rect.isEmpty, !values.isEmpty else { return }
    let shown = Array(values.suffix(2 * rect.width))
    let finite = shown.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return }
    let style = theme.style(role)
    if theme.glyphs == .ascii {
      return drawCharacters(
        Array(values.suffix(rect.width)), low, high, into: &screen, in: rect, style: style)
    }
    var grid = DotGrid(columns: rect.width, rows: 1)
    var previous: (x: Int, y: Int)?
    for (i, value) in shown.enumerated() {
      guard value.isFinite else {
        previous = nil
        continue
      }
      // A constant runs through the middle.
      let level = high > low ? (value - low) / (high - low) : 0.5
      let dot = (x: grid.width - shown.count + i, y: 3 - Int(saturating: (level * 3).rounded()))
      if let last = previous, abs(last.y - dot.y) > 1 {
        // The climb belongs to the new column: the line stays connected and one dot thick.
        grid.line(from: (dot.x, last.y + (dot.y > last.y ? 1 : -1)), to: dot)
      }
      grid.set(dot.x, dot.y)
      previous = dot
    }
    grid.draw(
      into: &screen, in: Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), style: style)
  }

  private func drawCharacters(
    _ shown: [Double], _ low: Double, _ high: Double, into screen: inout Screen, in rect: Rect,
    style: Style
  ) {
    let steps: [Unicode.Scalar] = ["_", ".", "-", "^"]
    for (i, value) in shown.enumerated() where value.isFinite {
      let level = high > low ? (value - low) / (high - low) : 0.5
      screen.set(
        rect.maxX - shown.count + i, rect.y, steps[Int(saturating: (level * 3).rounded())],
        style: style)
    }
  }
}
