/// Lines, dots and floors over an axis, as the training panes show them.
///
/// Inside the panel y numbers stand right-aligned before the plot, ticks on whole rows with a grid
/// of dots in every second column; x numbers live in the panel's bottom border. No axis lines, no
/// legend: names stand at the ends of their lines.
public struct Chart: Sendable {
  /// How an axis counts.
  public enum Scale: Hashable, Sendable {
    /// Evenly, or by factors.
    case linear, logarithmic
    /// Logarithmic with ticks at powers of two.
    case powersOfTwo
  }

  /// The values; later ones colour the cells that they share with earlier ones.
  public var series: [ChartSeries]
  /// Levels drawn as dashes beneath the lines.
  public var floors: [ChartFloor]
  /// Marks on top, each where its number is; two in one cell share it.
  public var markers: [ChartMarker]
  /// Dotted vertical lines with a word each, where something changed.
  public var marks: [ChartMark]
  /// A vertical line through the chart at "now".
  public var cursor: Double?
  /// The role of that line.
  public var cursorRole: Role
  /// The extent along x.
  public var xRange: ClosedRange<Double>
  /// How x counts.
  public var xScale: Scale
  /// The extent along y; nil takes that of the lines and floors.
  public var yRange: ClosedRange<Double>?
  /// How y counts.
  public var yScale: Scale
  /// Cells for the y numbers; charts one above the other share it, so that their plots align.
  public var numberColumns: Int

  /// A chart.
  public init(
    series: [ChartSeries] = [], floors: [ChartFloor] = [], markers: [ChartMarker] = [],
    marks: [ChartMark] = [], cursor: Double? = nil, cursorRole: Role = .hint,
    xRange: ClosedRange<Double>,
    xScale: Scale = .linear,
    yRange: ClosedRange<Double>? = nil, yScale: Scale = .linear, numberColumns: Int = 5
  ) {
    self.series = series
    self.floors = floors
    self.markers = markers
    self.marks = marks
    self.cursor = cursor
    self.cursorRole = cursorRole
    self.xRange = xRange
    self.xScale = xScale
    self.yRange = yRange
    self.yScale = yScale
    self.numberColumns = numberColumns
  }

  /// Draws the panel with the chart's x numbers in its bottom border, and the chart inside.
  public func draw(into screen: inout Screen, in rect: Rect, panel: Panel, theme: Theme) {
    var framed = panel
    framed.bottom += xNumbers(in: rect.inset(by: 1))
    let inner = framed.draw(into: &screen, in: rect, theme: theme)
    draw(into: &screen, in: inner, theme: theme)
  }

  /// The cells that the lines use inside `rect`.
  public func plotRect(in rect: Rect) -> Rect {
    guard rect.width >= numberColumns + 8 else { return rect }
    return rect.inset(left: numberColumns + 1, right: 1)
  }

  /// The numbers of the x axis for the bottom border of a panel around `rect`.
  public func xNumbers(in rect: Rect) -> [BorderNumber] {
    let plot = plotRect(in: rect)
    guard plot.width > 0 else { return [] }
    let count = max(2, plot.width / 7)
    let ticks: [Tick]
    switch xScale {
    case .linear: ticks = Ticks.linear(xRange, about: count)
    case .logarithmic: ticks = Ticks.log(xRange, about: count)
    case .powersOfTwo: ticks = Ticks.powersOfTwo(xRange, about: count)
    }
    return ticks.map {
      let dot = dotX($0.value, width: 2 * plot.width)
      return BorderNumber(
        column: plot.x + min(plot.width - 1, Int(saturating: (dot / 2).rounded(.down))),
        text: $0.label)
    }
  }

  /// Draws everything inside `rect`, without a frame.
  public func draw(into screen: inout Screen, in rect: Rect, theme: Theme) {
    let plot = plotRect(in: rect)
    guard !plot.isEmpty else { return }
    let axis = RowAxis(
      range: yRange ?? dataRange, rows: plot.height, logarithmic: yScale != .linear)
    drawGrid(into: &screen, in: rect, plot: plot, axis: axis, theme: theme)
    var canvas = ChartCanvas(chart: self, plot: plot, axis: axis)
    canvas.draw(into: &screen, theme: theme)
  }

  /// The column of dots of a value along x, as a fraction of `width` dots.
  public func dotX(_ value: Double, width: Int) -> Double {
    let last = Double(max(1, width - 1))
    let position: Double
    if xScale == .linear {
      position = (value - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
    } else {
      let low = Elementary.log(max(xRange.lowerBound, 1e-300))
      let high = Elementary.log(max(xRange.upperBound, 1e-300))
      position = (Elementary.log(max(value, 1e-300)) - low) / (high - low)
    }
    return position.isFinite ? position * last : 0
  }

  private var dataRange: ClosedRange<Double> {
    var low = Double.infinity
    var high = -Double.infinity
    func include(_ value: Double) {
      guard value.isFinite, yScale == .linear || value > 0 else { return }
      low = min(low, value)
      high = max(high, value)
    }
    // Single values scatter widely: they set the limits only where there is nothing else.
    let lines = series.filter { $0.kind == .line && !$0.points.isEmpty }
    for points in (lines.isEmpty ? series : lines).map(\.points) {
      for point in points where xRange.contains(point.x) { include(point.y) }
    }
    for floor in floors { include(floor.value) }
    guard low <= high else { return yScale == .linear ? 0...1 : 0.1...1 }
    return low...high
  }

  private func drawGrid(
    into screen: inout Screen, in rect: Rect, plot: Rect, axis: RowAxis, theme: Theme
  ) {
    let grid = theme.style(.grid)
    let numbers = theme.style(.axis)
    for tick in axis.ticks {
      let y = plot.y + tick.row
      for x in stride(from: plot.x, to: plot.maxX, by: 2) {
        screen.set(x, y, theme.glyphs.dot, style: grid)
      }
      guard plot.x > rect.x else { continue }
      let text = theme.glyphs.spelled(tick.label)
      screen.write([Run(text, numbers)], endingAt: plot.x - 1, y: y, clip: rect)
    }
  }
}
