/// A grid of dots, 2×4 in every cell: the bitmap that braille characters are made of.
///
/// Dots outside the grid are ignored, so lines and clouds clip themselves.
public struct DotGrid: Hashable, Sendable {
  /// The number of cells in a row.
  public let columns: Int
  /// The number of rows of cells.
  public let rows: Int
  private(set) var patterns: [UInt8]

  /// A grid without dots over `columns × rows` cells.
  public init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
    patterns = [UInt8](repeating: 0, count: self.columns * self.rows)
  }

  /// A grid without dots over a rectangle of cells.
  public init(_ size: Size) { self.init(columns: size.columns, rows: size.rows) }

  /// The number of dots in a row, two a cell.
  public var width: Int { 2 * columns }
  /// The number of rows of dots, four a cell.
  public var height: Int { 4 * rows }

  // Braille numbers its dots 1–3 and 7 down the left column, 4–6 and 8 down the right one.
  private static let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]

  static func bit(_ x: Int, _ y: Int) -> UInt8 { bits[(y & 3) << 1 | x & 1] }

  /// Sets the dot at column `x`, row `y` of the dots.
  public mutating func set(_ x: Int, _ y: Int) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    patterns[(y >> 2) * columns + x >> 1] |= DotGrid.bit(x, y)
  }

  /// Whether the dot at column `x`, row `y` of the dots is set.
  public func test(_ x: Int, _ y: Int) -> Bool {
    guard x >= 0, y >= 0, x < width, y < height else { return false }
    return patterns[(y >> 2) * columns + x >> 1] & DotGrid.bit(x, y) != 0
  }

  /// The dots of a cell as the low byte of a braille character; 0 outside the grid.
  public func pattern(_ column: Int, _ row: Int) -> UInt8 {
    guard column >= 0, row >= 0, column < columns, row < rows else { return 0 }
    return patterns[row * columns + column]
  }

  /// Adds dots to a cell.
  mutating func add(_ pattern: UInt8, column: Int, row: Int) {
    guard column >= 0, row >= 0, column < columns, row < rows else { return }
    patterns[row * columns + column] |= pattern
  }

  /// Removes every dot.
  public mutating func clear() {
    for i in patterns.indices { patterns[i] = 0 }
  }

  /// Adds the dots of a grid of the same size.
  public mutating func formUnion(_ other: DotGrid) {
    precondition(columns == other.columns && rows == other.rows, "grids of one size are joined")
    for i in patterns.indices { patterns[i] |= other.patterns[i] }
  }

  /// Sets the dots of the straight line between two dots, both ends included, by Bresenham's way.
  public mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) {
    let dx = abs(end.x - start.x)
    let dy = -abs(end.y - start.y)
    let stepX = start.x < end.x ? 1 : -1
    let stepY = start.y < end.y ? 1 : -1
    var error = dx + dy
    var (x, y) = start
    while true {
      set(x, y)
      if x == end.x && y == end.y { return }
      let twice = 2 * error
      if twice >= dy {
        error += dy
        x += stepX
      }
      if twice <= dx {
        error += dx
        y += stepY
      }
    }
  }

  /// Draws the dots at the corner of `rect`, clipped to it; cells without dots stay as they are.
  public func draw(
    into screen: inout Screen, in rect: Rect, style: Style, glyphs: GlyphSet = .braille
  ) {
    let foreground = screen.ink(style.foreground)
    let background = style.background.map { screen.ink($0) }
    for row in 0..<min(rows, rect.height) {
      for column in 0..<min(columns, rect.width) {
        let bits = patterns[row * columns + column]
        guard bits != 0 else { continue }
        screen.set(
          rect.x + column, rect.y + row, scalar: glyphs.pattern(bits).value,
          foreground: foreground, background: background, attributes: style.attributes)
      }
    }
  }
}
