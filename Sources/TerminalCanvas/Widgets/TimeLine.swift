/// Time from 0 to 1 on one row: `━━━━●────`, what has been played, now, and the rest.
public struct TimeLine: Hashable, Sendable {
  /// The present time, kept in 0…1.
  public var t: Double
  /// Steps of a solver to mark on the part that is not played, and on the played one.
  public var steps: [Step]

  /// A step of a solver that ended, or was to end, at `t`.
  public struct Step: Hashable, Sendable {
    /// The time at its end.
    public var t: Double
    /// Whether it was accepted.
    public var isAccepted: Bool

    /// A step.
    public init(t: Double, isAccepted: Bool = true) {
      self.t = t
      self.isAccepted = isAccepted
    }
  }

  /// A time line.
  public init(t: Double, steps: [Step] = []) {
    self.t = t
    self.steps = steps
  }

  /// The column of the screen that stands for `t` on a line in `rect`.
  public static func column(of t: Double, in rect: Rect) -> Int {
    let clamped = t.isNaN ? 0 : min(1, max(0, t))
    return rect.x + Int(saturating: (clamped * Double(max(0, rect.width - 1))).rounded())
  }

  /// The time that a click on a column of the screen means, 0…1.
  public static func time(at column: Int, in rect: Rect) -> Double {
    guard rect.width > 1 else { return 0 }
    return min(1, max(0, Double(column - rect.x) / Double(rect.width - 1)))
  }

  /// The numbers 0, 0.1 … 1 for a border under the line; every 0.2 below 100 columns.
  public static func numbers(in rect: Rect) -> [BorderNumber] {
    Ticks.multiples(of: rect.width < 90 ? 0.2 : 0.1, in: 0...1).map {
      BorderNumber(column: column(of: $0.value, in: rect), text: $0.label)
    }
  }

  /// Draws the line on the first row of `rect`: `━` accent, `●` head, `─` rest.
  public func draw(into screen: inout Screen, in rect: Rect, theme: Theme) {
    guard !rect.isEmpty else { return }
    let head = TimeLine.column(of: t, in: rect)
    let accent = theme.style(.accent)
    screen.fill(
      Rect(x: rect.x, y: rect.y, width: head - rect.x, height: 1), with: theme.glyphs.heavy,
      style: accent)
    screen.fill(
      Rect(x: head + 1, y: rect.y, width: rect.maxX - head - 1, height: 1),
      with: theme.glyphs.horizontal, style: theme.style(.border))
    drawSteps(into: &screen, in: rect, role: .hint, theme: theme)
    screen.set(head, rect.y, theme.glyphs.bullet, style: accent)
  }

  /// Draws a lane of steps on the first row of `rect`: `•` accepted in `role`, `×` rejected; of one
  /// that is to end before 1 nothing beyond its `end`.
  public func drawLane(
    into screen: inout Screen, in rect: Rect, role: Role, end: Double = 1, theme: Theme
  ) {
    guard !rect.isEmpty else { return }
    let last = TimeLine.column(of: end, in: rect)
    screen.fill(
      Rect(x: rect.x, y: rect.y, width: last + 1 - rect.x, height: 1),
      with: theme.glyphs.horizontal, style: theme.style(.border))
    let known = TimeLine(t: t, steps: steps.filter { $0.t <= end + 1e-9 })
    known.drawSteps(into: &screen, in: rect, role: role, theme: theme)
  }

  private func drawSteps(into screen: inout Screen, in rect: Rect, role: Role, theme: Theme) {
    // Accepted steps last: where both fall into one cell, what happened counts.
    for step in steps where !step.isAccepted {
      screen.set(
        TimeLine.column(of: step.t, in: rect), rect.y, theme.glyphs.rejected,
        style: theme.style(.warn))
    }
    for step in steps where step.isAccepted {
      screen.set(
        TimeLine.column(of: step.t, in: rect), rect.y, theme.glyphs.accepted,
        style: theme.style(role))
    }
  }
}
