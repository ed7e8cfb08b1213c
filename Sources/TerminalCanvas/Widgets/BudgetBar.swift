/// A share of a budget on one row: `━━╸────`.
public struct BudgetBar: Hashable, Sendable {
  /// The share that is used; more than 1 fills the bar in `warn`.
  public var share: Double

  /// A bar that shows `value` of `budget`, in the same unit.
  public init(_ value: Double, of budget: Double) {
    share = budget > 0 && value.isFinite ? max(0, value / budget) : 0
  }

  /// Draws the bar on the first row of `rect`, in steps of half a cell; what is used at all shows.
  public func draw(
    into screen: inout Screen, in rect: Rect, theme: Theme, role: Role = .series
  ) {
    guard !rect.isEmpty else { return }
    var halves = Int(saturating: (min(1, share) * Double(2 * rect.width)).rounded())
    if share > 0 { halves = max(1, halves) }
    let full = halves / 2
    let used = theme.style(share > 1 ? .warn : role)
    screen.fill(
      Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), with: theme.glyphs.horizontal,
      style: theme.style(.border))
    screen.fill(
      Rect(x: rect.x, y: rect.y, width: full, height: 1), with: theme.glyphs.heavy, style: used)
    if halves % 2 == 1, full < rect.width {
      screen.set(rect.x + full, rect.y, theme.glyphs.heavyHalf, style: used)
    }
  }
}
