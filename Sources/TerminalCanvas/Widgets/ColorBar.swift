/// A scale of colours with its numbers: a column of `▀`, numbers to its right.
///
/// Without colour a key of dots stands in its place: how many dots mean how much.
public struct ColorBar: Sendable {
  /// A number beside the bar at a level 0…1.
  public struct Mark: Hashable, Sendable {
    /// The place on the bar, 0 at the bottom.
    public var level: Double
    /// The number as shown.
    public var label: String

    /// A mark.
    public init(level: Double, label: String) {
      self.level = level
      self.label = label
    }
  }

  /// The numbers.
  public var marks: [Mark]
  /// What the numbers count, above the bar; empty where a title says it.
  public var caption = ""
  /// The colour at a level 0…1.
  public var paint: @Sendable (Double) -> Paint?

  /// A bar of any map.
  public init(marks: [Mark], paint: @escaping @Sendable (Double) -> Paint?) {
    self.marks = marks
    self.paint = paint
  }

  /// The bar of particles per cell up to c_max: numbers 1 2 5 10 … where the scale has them.
  public static func density(maximum: Double, theme: Theme) -> ColorBar {
    var marks: [Mark] = []
    var decade = 1.0
    while maximum.isFinite, decade <= maximum, decade < 1e9 {
      for value in [decade, 2 * decade, 5 * decade] where value <= maximum {
        marks.append(
          Mark(
            level: LogScale.level(value, maximum: maximum), label: NumberFormat.axis(value)))
      }
      decade *= 10
    }
    return ColorBar(marks: marks) { theme.density($0) }
  }

  /// The columns it needs: the bar, a blank and the widest number.
  public var columns: Int { 2 + (marks.map { CellText.columns($0.label) }.max() ?? 0) }

  /// Draws the bar in `rect`, at most 14 rows high and in the middle of what is given; its caption ends where
  /// that does, and reaches as far to the left as it needs.
  public func draw(into screen: inout Screen, in rect: Rect, theme: Theme) {
    let area = rect.centred(width: rect.width, height: min(14, rect.height))
    guard !area.isEmpty else { return }
    if theme.depth == .mono || theme.glyphs == .ascii {
      return drawKey(into: &screen, in: area, theme: theme)
    }
    if area.y > rect.y, !caption.isEmpty {
      screen.write(
        [theme.run(theme.glyphs.spelled(caption), .label)], endingAt: rect.maxX, y: area.y - 1)
    }
    let halves = Double(2 * area.height)
    for row in 0..<area.height {
      let upper = (halves - Double(2 * row) - 0.5) / halves
      let lower = (halves - Double(2 * row) - 1.5) / halves
      guard let top = paint(upper), let below = paint(lower) else { continue }
      screen.set(
        area.x, area.y + row, theme.glyphs.upperHalf,
        style: Style(foreground: top, background: below))
    }
    var free = area.y
    // From the top: the greatest number stays where numbers would fall into one row.
    for mark in marks.sorted(by: { $0.level > $1.level }) {
      let row = min(area.height - 1, Int(saturating: (1 - mark.level) * Double(area.height)))
      guard row >= 0, area.y + row >= free else { continue }
      screen.write(
        theme.glyphs.spelled(mark.label), x: area.x + 2, y: area.y + row, style: theme.style(.axis),
        clip: rect)
      free = area.y + row + 1
    }
  }

  /// 8 6 4 2 1 dots, with what each looks like.
  private func drawKey(into screen: inout Screen, in area: Rect, theme: Theme) {
    let counts = [8, 6, 4, 2, 1]
    let samples: [UInt8] = [0xff, 0x77, 0x2d, 0x22, 0x02]
    let gap = area.height >= 11 ? 2 : 1
    let top = area.y + max(0, (area.height - gap * counts.count - 1) / 2)
    let clip = area
    for (i, count) in counts.enumerated() {
      let level = Double(count) / 8
      let style = Style(foreground: theme.density(level), attributes: theme.weight(level))
      let y = top + i * gap
      guard y < area.maxY else { return }
      screen.set(area.x, y, theme.glyphs.pattern(samples[i]), style: style)
      screen.write(String(count), x: area.x + 2, y: y, style: theme.style(.axis), clip: clip)
    }
    screen.write(
      "dots", x: area.x, y: top + counts.count * gap, style: theme.style(.axis), clip: clip)
  }
}
