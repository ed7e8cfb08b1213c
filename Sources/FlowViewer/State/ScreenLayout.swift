import TerminalCanvas

/// Which pane stands where, for a size of the screen and a number of lanes.
///
/// Panes touch: no gaps and no outer margin. What does not fit is dropped in a fixed order (film,
/// excess, distance, run, loss); particles, t, the time line and the last hints stay to the end.
public struct ScreenLayout: Sendable, Equatable {
  /// The smallest screen on which anything is drawn.
  public static let smallest = Size(columns: 40, rows: 12)

  public let size: Size
  public private(set) var header = Rect.none
  /// One rectangle a lane.
  public private(set) var lanes: [Rect] = []
  /// One rectangle a lane for its particles over t, below it; empty where there is no room or wish.
  public private(set) var courses: [Rect] = []
  /// The panes beside the plot, from the top, column by column.
  public private(set) var panes: [Placed] = []
  /// What is on show, in a paragraph.
  public private(set) var caption: Rect?
  public private(set) var workPrecision: Rect?
  public private(set) var result: Rect?
  /// One row of words on who is best, where there is no room for the table.
  public private(set) var verdict: Rect?
  public private(set) var time = Rect.none
  /// Where t stands in large figures, in a lecture.
  public private(set) var clock: Rect?
  /// Rows of film above the time line; 0 without.
  public private(set) var filmRows = 0
  public private(set) var hints = Rect.none
  /// The column of the border between a plot and the panes beside it, which can be dragged.
  public private(set) var splitColumn: Int?
  private let plotShare: Double?
  private let showsCourses: Bool
  private let isLecture: Bool

  /// A pane with its place.
  public struct Placed: Sendable, Equatable {
    public let pane: PaneName
    public let rect: Rect
  }

  /// Where the pane of that name stands, if it does.
  public func rect(of pane: PaneName) -> Rect? {
    pane == .plot ? lanes.first : panes.first { $0.pane == pane }?.rect
  }

  public var loss: Rect? { rect(of: .loss) }
  public var excess: Rect? { rect(of: .excess) }
  public var distance: Rect? { rect(of: .distance) }
  public var run: Rect? { rect(of: .run) }

  /// The layout for `side`, what belongs beside a single plot; one pane may have the whole body. With `courses`
  /// every lane has its particles over t below it, where there is room; a lecture has a clock and one chart.
  public init(
    size: Size, lanes laneCount: Int, side: SidePanes = .training, expanded: PaneName? = nil,
    focused: Int = 0, caption text: Caption? = nil, plotShare: Double? = nil,
    courses showsCourses: Bool = false, lecture isLecture: Bool = false
  ) {
    self.isLecture = isLecture
    self.size = size
    self.showsCourses = showsCourses
    self.plotShare = plotShare
    guard !isTooSmall else { return }
    let full = Rect(x: 0, y: 0, width: size.columns, height: size.rows)
    var body: Rect
    (header, body) = full.split(top: 1)
    (hints, body) = body.split(bottom: 1)
    (time, body) = body.split(bottom: timeHeight(laneCount))
    if let text { body = makeRoom(for: text, in: body) }
    if let expanded {
      expand(expanded, body, lanes: laneCount, focused: focused)
      return
    }
    switch laneCount {
    case 1 where isLecture && isSmall: lecture(body, side)
    case 1: watch(body, side)
    case 2 where size.columns >= 120: compareTwo(body, side)
    default:
      if size.columns >= 120 {
        compareRow(body, laneCount)
      } else {
        compareGrid(body, laneCount, columns: 2)
      }
    }
  }

  /// Whether nothing but the size needed is shown.
  public var isTooSmall: Bool {
    size.columns < ScreenLayout.smallest.columns || size.rows < ScreenLayout.smallest.rows
  }

  /// Whether the time pane has a border (and numbers in it).
  public var timeHasBorder: Bool { time.height >= 3 }

  /// How many particles a screen of that size shows without saturating every cell.
  /// Words are written out, so that fewer fill it.
  public static func defaultParticles(_ size: Size, lanes: Int, ofLetters: Bool = false) -> Int {
    if ofLetters { return size.columns >= 140 ? 600 : size.columns >= 100 ? 400 : 256 }
    if lanes > 1, let pane = ScreenLayout(size: size, lanes: lanes).lanes.first {
      // Four a cell of the square plot; at least what W2 compares, at most what has a reference.
      let side = min(pane.height - 3, (pane.width - 2) / 2)
      return min(4000, max(1000, (side * 2 * side * 83 / 20 + 50) / 100 * 100))
    }
    return size.columns >= 140 ? 6000 : size.columns >= 100 ? 4000 : 1800
  }

  private var isGrand: Bool { size.columns >= 200 && size.rows >= 60 }
  private var isLarge: Bool { size.columns >= 140 && size.rows >= 44 }
  private var isMedium: Bool { size.columns >= 100 && size.rows >= 30 }
  private var isSmall: Bool { size.columns >= 80 && size.rows >= 24 }

  private mutating func timeHeight(_ laneCount: Int) -> Int {
    if laneCount == 1 && (isLarge || isGrand) && !isLecture {
      filmRows = isGrand ? 7 : 5
      return filmRows + 3
    }
    if laneCount > 1 && isMedium && size.columns >= 120 { return laneCount + 3 }
    return isSmall ? 3 : 1
  }

  /// Takes the rows below the body for a paragraph; on a small screen few, so that the charts stay.
  private mutating func makeRoom(for text: Caption, in body: Rect) -> Rect {
    let needed = text.lines(width: body.width - 4).count
    let rows = (text.rows ?? (isMedium ? needed : min(needed, Caption.briefRows))) + 2
    let (foot, rest) = body.split(bottom: min(rows, body.height / 2))
    caption = foot
    return rest
  }

  /// One pane alone; the other lanes and panes have no place.
  private mutating func expand(_ pane: PaneName, _ body: Rect, lanes count: Int, focused: Int) {
    let nowhere = Rect(x: body.x, y: body.y, width: 0, height: 0)
    lanes = [Rect](repeating: nowhere, count: count)
    if pane == .plot, count > 1, body.width >= 120, body.height >= 20 {
      // A square plot is as wide as it is high: what it leaves serves the comparison.
      let width = min(body.width * 2 / 3, (body.height - 3) * 2 + 12)
      let (plot, column) = body.split(left: width)
      lanes[focused] = plot
      (result, workPrecision) = split(column, bottom: column.height / 2)
    } else if pane == .plot {
      lanes[focused] = body
    } else {
      panes = [Placed(pane: pane, rect: body)]
    }
  }

  /// Takes the clock's cells from a rectangle below or beside compared lanes, where a lecture has room for it.
  private mutating func takeClock(_ rect: Rect, atLeft: Bool) -> Rect {
    let (columns, rows) = (26, ClockPane.rows + 2)
    guard isLecture, rect.height >= rows, rect.width >= columns else { return rect }
    let rest: Rect
    (clock, rest) = atLeft ? rect.split(left: columns) : rect.split(top: rows)
    return rest
  }

  /// A plot, and beside it the clock over the chart that counts most.
  private mutating func lecture(_ body: Rect, _ side: SidePanes) {
    let (plot, column) = body.split(left: body.width * 64 / 100)
    lanes = [plot]
    let rest: Rect
    (clock, rest) = column.split(top: ClockPane.rows + 2)
    let chart = side.panes(2).first { $0.pane != .run }?.pane ?? .loss
    panes = [Placed(pane: chart, rect: rest)]
  }

  private mutating func watch(_ body: Rect, _ side: SidePanes) {
    guard isSmall, body.width == size.columns else {
      lanes = [body]
      return
    }
    var width = size.columns * (isMedium && !isLarge ? 63 : 60) / 100
    // A body is round: what it leaves serves the picture of the whole beside it.
    if isLarge, side.showsWhole { width = size.columns * 575 / 1000 }
    if isMedium, !isLarge, side == .pictures { width = size.columns * 77 / 100 }
    // A square plot is as wide as it is high; beyond that the width serves the charts better.
    if isGrand { width = min(width, (body.height - 2) * 2 + 12) }
    let (plot, column) = body.split(left: dragged(width, in: body))
    lanes = [plot]
    splitColumn = column.x
    guard isGrand else { return stack(side.panes(isLarge ? 4 : isMedium ? 3 : 2), in: column) }
    let (left, right) = column.split(left: (column.width + 1) / 2)
    stack(side.columns.left, in: left)
    stack(side.columns.right, in: right)
  }

  /// The width of the left part: what a person dragged it to, as far as both sides stay readable.
  private func dragged(_ width: Int, in body: Rect) -> Int {
    guard let plotShare else { return width }
    let least = ScreenLayout.leastSide
    return min(max(Int(saturating: plotShare * Double(body.width)), least), body.width - least)
  }

  /// Columns that a plot and the panes beside it need.
  static let leastSide = 26

  /// Panes one below the other; those without a height of their own share what is left.
  private mutating func stack(_ wanted: [SidePanes.Share], in column: Rect) {
    var rest = column
    var open = wanted.filter { $0.rows == nil }.reduce(0) { $0 + $1.weight }
    var free = max(0, column.height - wanted.reduce(0) { $0 + ($1.rows ?? 0) })
    for (index, share) in wanted.enumerated() {
      var height = share.rows ?? free * share.weight / max(1, open)
      if share.rows == nil {
        open -= share.weight
        free -= height
      }
      if index == wanted.count - 1 { height = rest.height }
      let (first, below) = rest.split(top: height)
      if let beside = share.beside {
        let halves = first.split(left: first.width / 2)
        panes.append(Placed(pane: share.pane, rect: halves.first))
        panes.append(Placed(pane: beside, rect: halves.rest))
      } else {
        panes.append(Placed(pane: share.pane, rect: first))
      }
      rest = below
    }
  }

  /// Three lanes or four side by side.
  private mutating func compareRow(_ body: Rect, _ count: Int) {
    let width = body.width / count
    let height = min((width - 2) / 2 + 3, body.height - (showsCourses ? isLarge ? 17 : 14 : 10))
    let (top, rest) = body.split(top: max(height, 8))
    columns(of: top, count)
    let bottom = courses(of: rest, count)
    let charts = takeClock(bottom, atLeft: true)
    (workPrecision, result) = split(charts, left: charts.width * 525 / 1000)
  }

  private mutating func compareTwo(_ body: Rect, _ side: SidePanes) {
    let (left, column) = body.split(left: dragged(body.width * 60 / 100, in: body))
    splitColumn = column.x
    let height = min(left.width / 4 + 2, left.height - 8)
    let (top, bottom) = left.split(top: max(height, 8))
    columns(of: top, 2)
    workPrecision = courses(of: bottom, 2)
    let rest: Rect
    let charts = takeClock(column, atLeft: false)
    (result, rest) = split(charts, bottom: min(charts.height / 2, 18))
    // The hall reads the clock and the table.
    if isLecture { result = charts } else { stackBeside(rest, side) }
  }

  private mutating func stackBeside(_ rest: Rect, _ side: SidePanes) {
    stack(side.panes(rest.height >= 20 ? 3 : 2).filter { $0.pane != .run }, in: rest)
  }

  private mutating func compareGrid(_ body: Rect, _ count: Int, columns: Int) {
    var columns = columns
    // Beside a paragraph plots count more than a table, and side by side they are higher.
    let isTight = caption != nil && !isMedium
    if isTight, isSmall, count > 2, body.height < 18 { columns = count }
    let rows = (count + columns - 1) / columns
    var plots = body
    if !isTight, body.height >= rows * 7 + count + 6 {
      // A heading, the lanes, what their W₂ is not to be read without, and who is best.
      let table: Rect
      (table, plots) = body.split(bottom: count + 6)
      result = takeClock(table, atLeft: true)
    } else if isSmall {
      (verdict, plots) = body.split(bottom: 1)
    }
    var rest = plots
    for row in 0..<rows {
      let (line, below) = rest.split(top: rest.height / (rows - row))
      // The last row may have fewer.
      self.columns(of: line, min(columns, count - row * columns))
      rest = below
    }
  }

  /// Takes a row of as many panes for the lanes' particles over t; returns what it leaves.
  private mutating func courses(of rect: Rect, _ count: Int) -> Rect {
    guard showsCourses, rect.height >= 14 else { return rect }
    let (row, below) = rect.split(top: isLarge ? min(9, rect.height - 8) : 6)
    let before = lanes
    lanes = []
    columns(of: row, count)
    (courses, lanes) = (lanes, before)
    return below
  }

  private mutating func columns(of rect: Rect, _ count: Int) {
    var rest = rect
    for index in 0..<count {
      let (first, others) = rest.split(left: rest.width / (count - index))
      lanes.append(first)
      rest = others
    }
  }

  private func split(_ rect: Rect, bottom: Int) -> (Rect, Rect) { rect.split(bottom: bottom) }
  private func split(_ rect: Rect, left: Int) -> (Rect, Rect) { rect.split(left: left) }
}

extension Rect {
  fileprivate static let none = Rect(x: 0, y: 0, width: 0, height: 0)
}
