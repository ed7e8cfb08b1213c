/// The extent of a terminal or a picture in character cells.
public struct Size: Hashable, Sendable {
  /// The number of columns, never negative.
  public let columns: Int
  /// The number of rows, never negative.
  public let rows: Int

  /// A size; negative extents count as 0.
  public init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }

  /// The rectangle of this size at the origin.
  public var bounds: Rect { Rect(x: 0, y: 0, width: columns, height: rows) }
}

/// A rectangle of cells: columns `x ..< maxX`, rows `y ..< maxY`; its extent is never negative.
public struct Rect: Hashable, Sendable {
  /// The left-most column.
  public let x: Int
  /// The topmost row.
  public let y: Int
  /// The number of columns, at least 0.
  public let width: Int
  /// The number of rows, at least 0.
  public let height: Int

  /// A rectangle; a negative width or height counts as 0.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// The column after the last.
  public var maxX: Int { x + width }
  /// The row after the last.
  public var maxY: Int { y + height }
  /// The extent alone.
  public var size: Size { Size(columns: width, rows: height) }
  /// Whether it holds no cell.
  public var isEmpty: Bool { width == 0 || height == 0 }

  /// Whether the cell at column `x`, row `y` lies inside.
  public func contains(_ x: Int, _ y: Int) -> Bool {
    x >= self.x && x < maxX && y >= self.y && y < maxY
  }

  /// The cells that lie in both rectangles, possibly none.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(
      x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }

  /// The rectangle without `amount` cells on every side.
  public func inset(by amount: Int) -> Rect {
    inset(left: amount, top: amount, right: amount, bottom: amount)
  }

  /// The rectangle without the given number of cells on each side.
  public func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
    Rect(
      x: x + min(left, width), y: y + min(top, height), width: width - left - right,
      height: height - top - bottom)
  }

  /// A rectangle of at most the given extent, in the middle of this one.
  public func centred(width: Int, height: Int) -> Rect {
    let w = min(max(0, width), self.width)
    let h = min(max(0, height), self.height)
    return Rect(x: x + (self.width - w) / 2, y: y + (self.height - h) / 2, width: w, height: h)
  }
}

extension Rect {
  /// The `columns` left-most columns, and the rest to their right.
  public func split(left columns: Int) -> (first: Rect, rest: Rect) {
    let n = min(max(0, columns), width)
    return (
      Rect(x: x, y: y, width: n, height: height),
      Rect(x: x + n, y: y, width: width - n, height: height)
    )
  }

  /// The `columns` right-most columns, and the rest to their left.
  public func split(right columns: Int) -> (first: Rect, rest: Rect) {
    let parts = split(left: width - min(max(0, columns), width))
    return (parts.rest, parts.first)
  }

  /// The `rows` topmost rows, and the rest below them.
  public func split(top rows: Int) -> (first: Rect, rest: Rect) {
    let n = min(max(0, rows), height)
    return (
      Rect(x: x, y: y, width: width, height: n),
      Rect(x: x, y: y + n, width: width, height: height - n)
    )
  }

  /// The `rows` lowest rows, and the rest above them.
  public func split(bottom rows: Int) -> (first: Rect, rest: Rect) {
    let parts = split(top: height - min(max(0, rows), height))
    return (parts.rest, parts.first)
  }

  /// `count` columns of rectangles side by side whose widths differ by at most one cell.
  public func columns(_ count: Int) -> [Rect] {
    guard count > 0 else { return [] }
    return (0..<count).map { i in
      let left = width * i / count
      return Rect(x: x + left, y: y, width: width * (i + 1) / count - left, height: height)
    }
  }
}
