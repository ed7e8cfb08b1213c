/// A window of the plane on a rectangle of cells, with the same scale on both axes.
///
/// A cell is `cellAspect` times as high as wide and holds 2×4 dots; circles stay circles whatever
/// the aspect. Where it costs less than a seventh of the size, the scale is widened a little until
/// ticks fall on whole rows and columns.
public struct PlotAxes: Hashable, Sendable {
  /// The cells of the screen that the window covers.
  public private(set) var rect: Rect
  /// Height over width of a cell.
  public let cellAspect: Double
  /// The extent of one dot along x, in world units.
  public let unitsPerDotX: Double
  /// The extent of one dot along y, in world units.
  public let unitsPerDotY: Double
  /// The world coordinate x at the left edge.
  public private(set) var left: Double
  /// The world coordinate y at the upper edge.
  public private(set) var top: Double
  /// The distance between ticks, a round number.
  public let step: Double

  /// A place on an axis that carries a number.
  public struct CellTick: Hashable, Sendable {
    /// The column or row of the screen.
    public let cell: Int
    /// The number as shown.
    public let label: String
  }

  /// The window that shows all of `x × y` in `rect`, centred; both ranges must be finite.
  public init(
    rect: Rect, x: ClosedRange<Double>, y: ClosedRange<Double>, cellAspect: Double = 2,
    alignsTicks: Bool = true
  ) {
    self.rect = rect
    let aspect = cellAspect.isFinite && cellAspect > 0.2 && cellAspect < 20 ? cellAspect : 2
    self.cellAspect = aspect
    let ratio = aspect / 2
    let width = Double(max(1, 2 * rect.width))
    let height = Double(max(1, 4 * rect.height))
    // Alignment moves the window by up to half a cell: everything asked for must still be seen.
    let spareX = alignsTicks && width > 8 ? 2.0 : 0
    let spareY = alignsTicks && height > 16 ? 4.0 : 0
    let spanX = max(x.upperBound - x.lowerBound, 1e-9)
    let spanY = max(y.upperBound - y.lowerBound, 1e-9)
    var scale = max(spanX / (width - spareX), spanY / (height - spareY) / ratio)
    let rowsWanted = max(3, Double(rect.height) / 8)
    step = Ticks.niceStep(atLeast: rowsWanted * 4 * scale * ratio)
    let rows = step / (4 * scale * ratio)
    let aligned = alignsTicks && rows / rows.rounded(.down) <= 1.15
    if aligned { scale = step / (4 * rows.rounded(.down) * ratio) }
    unitsPerDotX = scale
    unitsPerDotY = scale * ratio
    let centreX = (x.lowerBound + x.upperBound) / 2
    let centreY = (y.lowerBound + y.upperBound) / 2
    left = centreX - width / 2 * unitsPerDotX
    top = centreY + height / 2 * unitsPerDotY
    guard aligned else { return }
    // Less than a cell: the tick nearest to the middle comes to lie on the middle of a cell.
    let dx = ((centreX / step).rounded() * step - left) / unitsPerDotX
    let dy = (top - (centreY / step).rounded() * step) / unitsPerDotY
    left += (dx - (2 * (dx / 2).rounded(.down) + 1)) * unitsPerDotX
    top -= (dy - (4 * (dy / 4).rounded(.down) + 2)) * unitsPerDotY
  }

  /// The same window on cells that begin at the screen's upper left corner.
  public var atOrigin: PlotAxes {
    var copy = self
    copy.rect = Rect(x: 0, y: 0, width: rect.width, height: rect.height)
    return copy
  }

  /// The world coordinates x that are seen.
  public var xRange: ClosedRange<Double> {
    left...(left + Double(2 * rect.width) * unitsPerDotX)
  }

  /// The world coordinates y that are seen.
  public var yRange: ClosedRange<Double> {
    (top - Double(4 * rect.height) * unitsPerDotY)...top
  }

  /// The column of dots of a world coordinate, as a fraction; dot i covers i ..< i + 1.
  public func dotX(_ x: Double) -> Double { (x - left) / unitsPerDotX }

  /// The row of dots of a world coordinate, as a fraction, counted from the top.
  public func dotY(_ y: Double) -> Double { (top - y) / unitsPerDotY }

  /// The world coordinates of a place given in dots.
  public func world(dotX: Double, dotY: Double) -> (x: Double, y: Double) {
    (left + dotX * unitsPerDotX, top - dotY * unitsPerDotY)
  }

  /// The world coordinates of the middle of a cell of the screen.
  public func world(column: Int, row: Int) -> (x: Double, y: Double) {
    world(dotX: Double(2 * (column - rect.x) + 1), dotY: Double(4 * (row - rect.y) + 2))
  }

  /// The cell of the screen that holds a world point, or nil outside the window.
  public func cell(x: Double, y: Double) -> (column: Int, row: Int)? {
    let dx = dotX(x)
    let dy = dotY(y)
    guard dx >= 0, dy >= 0, dx < Double(2 * rect.width), dy < Double(4 * rect.height) else {
      return nil
    }
    return (rect.x + Int(saturating: dx) / 2, rect.y + Int(saturating: dy) / 4)
  }

  /// The ticks along x, with columns of the screen.
  public var xTicks: [CellTick] {
    Ticks.multiples(of: step, in: xRange).compactMap { tick in
      let cell = Int(saturating: (dotX(tick.value) / 2).rounded(.down))
      return cell < rect.width ? CellTick(cell: rect.x + cell, label: tick.label) : nil
    }
  }

  /// The ticks along y, with rows of the screen.
  public var yTicks: [CellTick] {
    Ticks.multiples(of: step, in: yRange).compactMap { tick in
      let cell = Int(saturating: (dotY(tick.value) / 4).rounded(.down))
      return cell < rect.height ? CellTick(cell: rect.y + cell, label: tick.label) : nil
    }
  }
}

extension PlotAxes {
  /// The numbers along x for the bottom border of a panel.
  public var borderNumbers: [BorderNumber] {
    xTicks.map { BorderNumber(column: $0.cell, text: $0.label) }
  }

  /// The rows that carry a tick in the left border of a panel.
  public var leftTicks: [Int] { yTicks.map(\.cell) }

  /// Draws a dot wherever ticks of both axes cross.
  public func drawGrid(into screen: inout Screen, theme: Theme) {
    let style = theme.style(.grid)
    for y in yTicks {
      for x in xTicks { screen.set(x.cell, y.cell, theme.glyphs.dot, style: style) }
    }
  }

  /// Draws the numbers along y at the left edge, right-aligned, a blank after the ticks: a minus
  /// beside one would read as two.
  public func drawNumbers(into screen: inout Screen, theme: Theme) {
    let ticks = yTicks
    let width = max(2, ticks.map { CellText.columns($0.label) }.max() ?? 0)
    let style = theme.style(.axis)
    for tick in ticks {
      // The blanks before it are written too: dots beside a number would read as part of it.
      let text = NumberFormat.padded(theme.glyphs.spelled(tick.label), to: width + 1)
      screen.write(text, x: rect.x, y: tick.cell, style: style, clip: rect)
    }
  }
}
