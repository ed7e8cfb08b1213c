/// A grid of cells with its palette: all that is drawn goes here, and every output reads it.
///
/// Drawing outside the grid does nothing, so widgets need no care at the edges.
public struct Screen: Sendable {
  /// The extent in cells.
  public private(set) var size: Size
  /// The cells, row after row.
  public private(set) var cells: [Cell]
  /// The colours that the cells refer to.
  public var palette = Palette()

  /// A blank screen.
  public init(size: Size) {
    self.size = size
    cells = [Cell](repeating: .blank, count: size.columns * size.rows)
  }

  /// The whole grid.
  public var bounds: Rect { size.bounds }

  /// Gives the screen another size and blanks it.
  public mutating func resize(to size: Size) {
    self.size = size
    cells = [Cell](repeating: .blank, count: size.columns * size.rows)
  }

  /// Blanks every cell; a palette that has become full starts anew.
  public mutating func clear() {
    for i in cells.indices { cells[i] = .blank }
    if palette.isFull { palette.removeAll() }
  }

  /// The cell at column `x`, row `y`; outside the grid reading gives a blank, writing does nothing.
  public subscript(x: Int, y: Int) -> Cell {
    get { bounds.contains(x, y) ? cells[y * size.columns + x] : .blank }
    set { if bounds.contains(x, y) { cells[y * size.columns + x] = newValue } }
  }

  /// The cells of row `y`, from left to right; none outside the grid.
  public func row(_ y: Int) -> ArraySlice<Cell> {
    guard y >= 0, y < size.rows else { return [] }
    return cells[y * size.columns..<(y + 1) * size.columns]
  }

  /// The number of a colour in this screen's palette.
  public mutating func ink(_ paint: Paint) -> Ink { palette.ink(paint) }

  /// Sets one cell; a nil `background` leaves the one that is there.
  public mutating func set(
    _ x: Int, _ y: Int, scalar: UInt32, foreground: Ink, background: Ink? = nil,
    attributes: Attributes = []
  ) {
    guard bounds.contains(x, y) else { return }
    let i = y * size.columns + x
    cells[i] = Cell(
      scalar: scalar, foreground: foreground, background: background ?? cells[i].background,
      attributes: attributes)
  }

  /// Sets one cell to a character that is one column wide, in the given style.
  public mutating func set(_ x: Int, _ y: Int, _ scalar: Unicode.Scalar, style: Style) {
    let foreground = palette.ink(style.foreground)
    let background = style.background.map { palette.ink($0) }
    set(
      x, y, scalar: scalar.value, foreground: foreground, background: background,
      attributes: style.attributes)
  }

  /// Fills a rectangle with one character in one style; a nil background leaves the one there.
  public mutating func fill(_ rect: Rect, with scalar: Unicode.Scalar = " ", style: Style) {
    let part = rect.intersection(bounds)
    guard !part.isEmpty else { return }
    let foreground = palette.ink(style.foreground)
    let background = style.background.map { palette.ink($0) }
    for y in part.y..<part.maxY {
      for x in part.x..<part.maxX {
        set(
          x, y, scalar: scalar.value, foreground: foreground, background: background,
          attributes: style.attributes)
      }
    }
  }

  /// Gives every cell of a rectangle a background and leaves the characters.
  public mutating func paintBackground(_ rect: Rect, _ paint: Paint) {
    let part = rect.intersection(bounds)
    guard !part.isEmpty else { return }
    let ink = palette.ink(paint)
    for y in part.y..<part.maxY {
      for x in part.x..<part.maxX { cells[y * size.columns + x].background = ink }
    }
  }
}

extension Screen {
  /// Writes text from column `x` of row `y` to the right and returns the columns it takes.
  ///
  /// One scalar takes one cell: control and wide characters become `?`, combining marks and other
  /// invisible ones are dropped, so that no text breaks a row. What lies outside `clip` is not drawn
  /// but counts.
  @discardableResult
  public mutating func write(
    _ text: String, x: Int, y: Int, style: Style, clip: Rect? = nil
  ) -> Int {
    let area = clip.map { $0.intersection(bounds) } ?? bounds
    let foreground = palette.ink(style.foreground)
    let background = style.background.map { palette.ink($0) }
    var column = x
    for scalar in text.unicodeScalars {
      guard let shown = CellText.shown(scalar) else { continue }
      if area.contains(column, y) {
        set(
          column, y, scalar: shown.value, foreground: foreground, background: background,
          attributes: style.attributes)
      }
      column += 1
    }
    return column - x
  }

  /// The characters alone, row after row, without trailing blanks.
  public func text() -> String {
    var result = ""
    for y in 0..<size.rows {
      var line = String.UnicodeScalarView()
      line.append(contentsOf: row(y).map { Unicode.Scalar($0.scalar) ?? "?" })
      while line.last == " " { line.removeLast() }
      if y > 0 { result += "\n" }
      result += String(line)
    }
    return result
  }
}
