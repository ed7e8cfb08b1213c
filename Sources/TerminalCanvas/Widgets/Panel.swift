/// A number that lives in a border, centred on a column.
public struct BorderNumber: Hashable, Sendable {
  /// The column of the screen on which the text is centred.
  public var column: Int
  /// The number as shown.
  public var text: String

  /// A number centred on a column of the screen.
  public init(column: Int, text: String) {
    self.column = column
    self.text = text
  }
}

/// A frame with its title set two columns in and its numbers right in the same line.
///
/// `╭─ title  heading ──── labels ─╮`. Focus shows in the title's colour alone. Labels that would
/// meet the title lose their first words, then go. Numbers of the x axis live in the bottom border.
public struct Panel: Sendable {
  /// The name, bold.
  public var title: String
  /// What follows the title; alone where the title is empty.
  public var heading: [Run]
  /// What belongs to the panel's numbers, at the right of the top border.
  public var labels: [Run]
  /// Numbers in the bottom border; those that would touch their left neighbour are left out.
  public var bottom: [BorderNumber]
  /// Rows of the screen where the left border carries a tick.
  public var leftTicks: [Int]
  /// Whether keys go to this panel.
  public var isFocused: Bool
  /// The role of the border itself.
  public var border: Role

  /// A panel.
  public init(
    title: String = "", heading: [Run] = [], labels: [Run] = [], bottom: [BorderNumber] = [],
    leftTicks: [Int] = [], isFocused: Bool = false, border: Role = .border
  ) {
    self.title = title
    self.heading = heading
    self.labels = labels
    self.bottom = bottom
    self.leftTicks = leftTicks
    self.isFocused = isFocused
    self.border = border
  }

  /// Draws the frame and returns the rectangle inside it, empty where there is no room for one.
  @discardableResult
  public func draw(into screen: inout Screen, in rect: Rect, theme: Theme) -> Rect {
    guard rect.width >= 2, rect.height >= 2 else {
      return Rect(x: rect.x, y: rect.y, width: 0, height: 0)
    }
    drawFrame(into: &screen, in: rect, theme: theme)
    let used = drawTitle(into: &screen, in: rect, theme: theme)
    drawLabels(into: &screen, in: rect, after: used)
    drawBottom(into: &screen, in: rect, theme: theme)
    return rect.inset(by: 1)
  }

  private func drawFrame(into screen: inout Screen, in rect: Rect, theme: Theme) {
    let style = theme.style(border)
    let glyphs = theme.glyphs
    let right = rect.maxX - 1
    let bottom = rect.maxY - 1
    let row = Rect(x: rect.x, y: rect.y, width: rect.width, height: 1)
    screen.fill(row, with: glyphs.horizontal, style: style)
    screen.fill(
      Rect(x: rect.x, y: bottom, width: rect.width, height: 1), with: glyphs.horizontal,
      style: style)
    for y in rect.y..<rect.maxY {
      let tick = leftTicks.contains(y)
      screen.set(rect.x, y, tick ? glyphs.leftTick : glyphs.vertical, style: style)
      screen.set(right, y, glyphs.vertical, style: style)
    }
    let corners = glyphs.corners
    screen.set(rect.x, rect.y, corners[0], style: style)
    screen.set(right, rect.y, corners[1], style: style)
    screen.set(right, bottom, corners[2], style: style)
    screen.set(rect.x, bottom, corners[3], style: style)
  }

  /// Returns the column after the title and its blank.
  private func drawTitle(into screen: inout Screen, in rect: Rect, theme: Theme) -> Int {
    var line: [Run] = []
    if !title.isEmpty {
      line.append(theme.run(title, isFocused ? .accent : .title, bold: true))
      if !heading.isEmpty { line.append(Run("  ")) }
    }
    line += heading
    guard line.columns > 0, rect.width >= 6 else { return rect.x + 2 }
    // The blanks beside the title interrupt the border; a corner and a stroke always stay.
    let room = Rect(x: rect.x + 2, y: rect.y, width: rect.width - 4, height: 1)
    let padded = [Run(" ")] + line + [Run(" ")]
    return room.x + min(room.width, screen.write(padded, x: room.x, y: rect.y, clip: room))
  }

  private func drawLabels(into screen: inout Screen, in rect: Rect, after used: Int) {
    // Between title and labels at least one stroke stays, and one before the corner.
    let room = rect.maxX - 2 - (used + 1)
    let line = labels.droppingFirstWords(toFit: room - 2)
    guard line.columns > 0 else { return }
    screen.write([Run(" ")] + line + [Run(" ")], endingAt: rect.maxX - 2, y: rect.y)
  }

  private func drawBottom(into screen: inout Screen, in rect: Rect, theme: Theme) {
    let style = theme.style(.axis)
    var free = rect.x + 1
    for number in bottom.sorted(by: { $0.column < $1.column }) {
      let text = theme.glyphs.spelled(number.text)
      let width = CellText.columns(text) + 2
      let x = number.column - (width - 2) / 2 - 1
      guard width > 2, x >= free, x + width <= rect.maxX - 1 else { continue }
      screen.write(" " + text + " ", x: x, y: rect.maxY - 1, style: style)
      free = x + width + 1
    }
  }
}
