/// The plot of one chart while it is drawn: all lines in dot grids of one size.
///
/// Where lines and floors meet, the cell keeps the dots of all and the colour of the last line. A line or
/// a floor takes its whole cell from single values.
struct ChartCanvas {
  private let chart: Chart
  private let plot: Rect
  private let axis: RowAxis
  /// Cells of the plot that hold lines, floors, marks or words.
  private var taken: Set<Int> = []

  init(chart: Chart, plot: Rect, axis: RowAxis) {
    self.chart = chart
    self.plot = plot
    self.axis = axis
  }

  mutating func draw(into screen: inout Screen, theme: Theme) {
    let lines = chart.series.filter { $0.kind == .line }
    // What stands behind takes nothing from the one that is read.
    let read = lines.count { $0.role != .raw }
    let grids = lines.map { dots(of: $0, isThick: read == 1 && $0.role != .raw) }
    var all = DotGrid(plot.size)
    for grid in grids { all.formUnion(grid) }
    for series in chart.series where series.kind == .dots {
      scattered(series).draw(
        into: &screen, in: plot, style: theme.style(series.role), glyphs: theme.glyphs)
    }
    for floor in chart.floors {
      let grid = dashes(of: floor)
      draw(grid, of: grid, role: floor.role, isFloor: true, into: &screen, theme: theme)
      // Dashes go on behind a line, in the dots that it leaves.
      if theme.glyphs == .braille { all.formUnion(grid) }
    }
    for mark in chart.marks { drawMark(mark.x, into: &screen, theme: theme) }
    drawCursor(into: &screen, theme: theme)
    for (line, grid) in zip(lines, grids) {
      draw(grid, of: all, role: line.role, into: &screen, theme: theme)
    }
    // Words come after all lines, so that they can step aside, and from where marks will stand.
    let places = markerPlaces()
    for place in places { taken.insert(place.row * plot.width + place.column) }
    for floor in chart.floors { drawNote(floor, into: &screen, theme: theme) }
    for (line, grid) in zip(lines, grids) where !line.label.isEmpty {
      drawLabel(line, endOf: grid, into: &screen, theme: theme)
    }
    for mark in chart.marks { drawWord(mark, into: &screen, theme: theme) }
    for place in places { drawMarker(place, into: &screen, theme: theme) }
  }

  private func place(_ point: ChartPoint) -> (x: Double, y: Double)? {
    guard point.x.isFinite, point.y.isFinite else { return nil }
    guard chart.xScale == .linear || point.x > 0 else { return nil }
    let y = 4 * axis.row(of: point.y)
    return (chart.dotX(point.x, width: 2 * plot.width), min(max(y, -1e6), 1e6))
  }

  // MARK: Lines and dots

  /// The dots of a line: values that share a column of dots are averaged first.
  private func dots(of series: ChartSeries, isThick: Bool) -> DotGrid {
    var grid = DotGrid(plot.size)
    var last: (x: Int, y: Double)?
    var column = Int.min
    var sum = 0.0
    var count = 0.0
    func flush() {
      guard count > 0 else { return }
      let next = (x: column, y: sum / count)
      segment(from: last ?? next, to: next, isThick: isThick, in: &grid)
      last = next
    }
    for point in series.points {
      guard let place = place(point), abs(place.x) < 1e6 else {
        flush()
        last = nil
        count = 0
        continue
      }
      let x = Int(saturating: place.x.rounded())
      if x != column || count == 0 {
        flush()
        column = x
        sum = 0
        count = 0
      }
      sum += place.y
      count += 1
    }
    flush()
    return grid
  }

  private func segment(
    from start: (x: Int, y: Double), to end: (x: Int, y: Double), isThick: Bool,
    in grid: inout DotGrid
  ) {
    let offset = isThick ? 0.5 : 0
    // Only the part inside the plot is walked, however far away the ends are.
    let inner = -2.0...Double(grid.width + 2)
    guard let (t0, t1) = clip(start, end, x: inner, y: -3...Double(grid.height + 3)) else { return }
    func at(_ t: Double) -> (x: Int, y: Int) {
      let x = Double(start.x) + t * Double(end.x - start.x)
      let y = start.y + t * (end.y - start.y)
      return (Int(saturating: x.rounded()), Int(saturating: (y - offset).rounded(.down)))
    }
    let a = at(t0)
    let b = at(t1)
    grid.line(from: a, to: b)
    guard isThick else { return }
    grid.line(from: (a.x, a.y + 1), to: (b.x, b.y + 1))
    if abs(b.y - a.y) > 2 * abs(b.x - a.x) { grid.line(from: (a.x + 1, a.y), to: (b.x + 1, b.y)) }
  }

  /// The part of a segment inside a box as parameters 0…1, after Liang and Barsky.
  private func clip(
    _ a: (x: Int, y: Double), _ b: (x: Int, y: Double), x: ClosedRange<Double>,
    y: ClosedRange<Double>
  ) -> (Double, Double)? {
    var t0 = 0.0
    var t1 = 1.0
    func limit(_ p: Double, _ q: Double) -> Bool {
      if p == 0 { return q >= 0 }
      if p < 0 { t0 = max(t0, q / p) } else { t1 = min(t1, q / p) }
      return t0 <= t1
    }
    let dx = Double(b.x - a.x)
    let dy = b.y - a.y
    let inside =
      limit(-dx, Double(a.x) - x.lowerBound) && limit(dx, x.upperBound - Double(a.x))
      && limit(-dy, a.y - y.lowerBound) && limit(dy, y.upperBound - a.y)
    return inside ? (t0, t1) : nil
  }

  private func scattered(_ series: ChartSeries) -> DotGrid {
    var grid = DotGrid(plot.size)
    for point in series.points {
      guard let place = place(point), abs(place.x) < 1e6 else { continue }
      grid.set(Int(saturating: place.x.rounded()), Int(saturating: place.y.rounded(.down)))
    }
    return grid
  }

  private mutating func draw(
    _ grid: DotGrid, of all: DotGrid, role: Role, isFloor: Bool = false, into screen: inout Screen,
    theme: Theme
  ) {
    let style = theme.style(role)
    for row in 0..<grid.rows {
      for column in 0..<grid.columns where grid.pattern(column, row) != 0 {
        taken.insert(row * plot.width + column)
        let dots = theme.glyphs.pattern(all.pattern(column, row))
        let glyph = isFloor && theme.glyphs != .braille ? "-" : dots
        screen.set(plot.x + column, plot.y + row, glyph, style: style)
      }
    }
  }

  /// Dashes of two dots on, two off: a cell with, a cell without.
  private func dashes(of floor: ChartFloor) -> DotGrid {
    var grid = DotGrid(plot.size)
    guard floor.value.isFinite else { return grid }
    let dot = 4 * axis.row(of: floor.value)
    guard dot >= 0, dot < Double(4 * plot.height) else { return grid }
    for column in stride(from: 0, to: plot.width, by: 2) {
      for x in [2 * column, 2 * column + 1] { grid.set(x, Int(saturating: dot)) }
    }
    return grid
  }

  private func drawCursor(into screen: inout Screen, theme: Theme) {
    guard let cursor = chart.cursor, cursor.isFinite else { return }
    let x = chart.dotX(cursor, width: 2 * plot.width)
    guard x >= 0, x < Double(2 * plot.width) else { return }
    for y in plot.y..<plot.maxY {
      screen.set(
        plot.x + Int(saturating: x) / 2, y,
        chart.cursorRole == .hint ? theme.glyphs.pattern(0x05) : theme.glyphs.vertical,
        style: theme.style(chart.cursorRole))
    }
  }

  private func drawMark(_ value: Double, into screen: inout Screen, theme: Theme) {
    guard let column = column(of: value) else { return }
    for y in plot.y..<plot.maxY {
      screen.set(plot.x + column, y, theme.glyphs.pattern(0x05), style: theme.style(.hint))
    }
  }

  /// The column of a value along x, if it lies in the plot.
  private func column(of value: Double) -> Int? {
    guard value.isFinite, chart.xRange.contains(value) else { return nil }
    return min(plot.width - 1, Int(saturating: chart.dotX(value, width: 2 * plot.width) / 2))
  }

  // MARK: Words and marks

  /// The word of a mark, right or left of its line and as high as it is free; none where there is no
  /// room.
  private mutating func drawWord(_ mark: ChartMark, into screen: inout Screen, theme: Theme) {
    let text = theme.glyphs.spelled(mark.label)
    let width = CellText.columns(text)
    guard width > 0, let column = column(of: mark.x) else { return }
    for row in 0..<plot.height {
      for start in [column + 1, column - width] where isFree(start, row, width) {
        return put(text, start, row, style: theme.style(.hint), into: &screen)
      }
    }
  }

  private func isFree(_ column: Int, _ row: Int, _ width: Int) -> Bool {
    guard column >= 0, row >= 0, row < plot.height, column + width <= plot.width else {
      return false
    }
    return (column..<column + width).allSatisfy { !taken.contains(row * plot.width + $0) }
  }

  private mutating func put(
    _ text: String, _ column: Int, _ row: Int, style: Style, into screen: inout Screen
  ) {
    let width = screen.write(
      text, x: plot.x + column, y: plot.y + row, style: style, clip: plot)
    for i in column..<column + width { taken.insert(row * plot.width + i) }
  }

  /// Words under the floor, else over it, one cell in; none where lines leave no room.
  private mutating func drawNote(_ floor: ChartFloor, into screen: inout Screen, theme: Theme) {
    let text = theme.glyphs.spelled(floor.note)
    let width = CellText.columns(text)
    let row = axis.row(of: floor.value)
    guard width > 0, row.isFinite, row >= 0, row < Double(plot.height) else { return }
    for candidate in [Int(saturating: row) + 1, Int(saturating: row) - 1]
    where isFree(1, candidate, width) {
      // A blank on both sides keeps words and grid apart.
      screen.write(
        String(repeating: " ", count: width + 1), x: plot.x + 1, y: plot.y + candidate,
        style: .plain, clip: plot)
      put(text, 1, candidate, style: theme.style(.hint), into: &screen)
      return
    }
  }

  /// The name of a line at its last dot: right of it, over or under it, or before it.
  private mutating func drawLabel(
    _ series: ChartSeries, endOf grid: DotGrid, into screen: inout Screen, theme: Theme
  ) {
    let text = theme.glyphs.spelled(series.label)
    let width = CellText.columns(text)
    guard let end = lastCell(of: grid) else { return }
    let places = [
      (end.column + 2, end.row), (end.column + 1, end.row - 1), (end.column + 1, end.row + 1),
      (end.column - width - 1, end.row + 1), (end.column - width - 1, end.row - 1),
      (end.column - width - 3, end.row), (plot.width - width, end.row - 1),
      (plot.width - width, end.row + 1), (plot.width - width, end.row - 2),
      (plot.width - width, end.row + 2),
    ]
    guard let place = places.first(where: { isFree($0.0, $0.1, width) }) else { return }
    put(text, place.0, place.1, style: theme.style(series.role), into: &screen)
  }

  private func lastCell(of grid: DotGrid) -> (column: Int, row: Int)? {
    for column in (0..<grid.columns).reversed() {
      for row in (0..<grid.rows).reversed() where grid.pattern(column, row) != 0 {
        return (column, row)
      }
    }
    return nil
  }

  /// The cells of the marks, each with the roles of those that fall into it: none moves, it would
  /// stand for another number.
  private func markerPlaces() -> [(column: Int, row: Int, roles: [Role])] {
    var places: [(column: Int, row: Int, roles: [Role])] = []
    for marker in chart.markers {
      guard let place = place(marker.point), abs(place.x) < 1e6 else { continue }
      let column = Int(saturating: (place.x / 2).rounded(.down))
      let row = Int(saturating: (place.y / 4).rounded(.down))
      guard row >= 0, row < plot.height, column >= 0, column < plot.width else { continue }
      if let shared = places.firstIndex(where: { $0.column == column && $0.row == row }) {
        places[shared].roles.append(marker.role)
      } else {
        places.append((column, row, [marker.role]))
      }
    }
    return places
  }

  /// A dot; where two share a cell, one half in the colour of each.
  private func drawMarker(
    _ place: (column: Int, row: Int, roles: [Role]), into screen: inout Screen, theme: Theme
  ) {
    var (glyph, style) = (theme.glyphs.bullet, theme.style(place.roles[0]))
    if place.roles.count > 1 {
      (glyph, style.background) = (
        theme.glyphs.selection, theme.style(place.roles[1]).foreground
      )
    }
    screen.set(plot.x + place.column, plot.y + place.row, glyph, style: style)
  }
}
