import Testing

@testable import TerminalCanvas

@Suite("Widgets")
struct WidgetTests {
  func line(_ columns: Int, _ draw: (inout Screen, Rect) -> Void) -> String {
    var screen = Screen(size: Size(columns: columns, rows: 1))
    draw(&screen, screen.bounds)
    return screen.text()
  }

  @Test("a time line: played, head, rest, and numbers that stand under their times")
  func timeLine() {
    let theme = Theme()
    func at(_ t: Double, _ columns: Int = 21) -> String {
      line(columns) { TimeLine(t: t).draw(into: &$0, in: $1, theme: theme) }
    }
    #expect(at(0) == "●────────────────────")
    #expect(at(0.625) == "━━━━━━━━━━━━━●───────")
    #expect(at(1) == "━━━━━━━━━━━━━━━━━━━━●")
    #expect(at(.nan) == at(0) && at(-3) == at(0) && at(3) == at(1))
    #expect(at(0.5, 1) == "●")
    let rect = Rect(x: 1, y: 1, width: 101, height: 1)
    #expect(
      TimeLine.numbers(in: rect).map(\.column) == Array(stride(from: 1, through: 101, by: 10)))
    #expect(
      TimeLine.numbers(in: Rect(x: 0, y: 0, width: 76, height: 1)).map(\.text)
        == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
    for column in 1...101 {
      #expect(TimeLine.column(of: TimeLine.time(at: column, in: rect), in: rect) == column)
    }
    #expect(TimeLine.time(at: -5, in: rect) == 0 && TimeLine.time(at: 500, in: rect) == 1)
  }

  @Test("adaptive steps: accepted and rejected marks; what happened hides what failed")
  func steps() {
    let lane = TimeLine(
      t: 1,
      steps: [
        TimeLine.Step(t: 0), TimeLine.Step(t: 0.4, isAccepted: false), TimeLine.Step(t: 0.2),
        TimeLine.Step(t: 1), TimeLine.Step(t: 0.98, isAccepted: false),
      ])
    #expect(
      line(21) { lane.drawLane(into: &$0, in: $1, role: .lane4, theme: Theme()) }
        == "•───•───×───────────•")
    #expect(
      line(21) { lane.drawLane(into: &$0, in: $1, role: .lane4, theme: Theme(glyphs: .ascii)) }
        == "o---o---x-----------o")
  }

  @Test("a budget bar counts halves, shows the least use and warns above its budget")
  func budget() {
    func bar(_ value: Double, _ theme: Theme = Theme()) -> String {
      line(11) { BudgetBar(value, of: 16.7).draw(into: &$0, in: $1, theme: theme) }
    }
    #expect(bar(0) == "───────────")
    #expect(bar(0.01) == "╸──────────")
    #expect(bar(3.9) == "━━╸────────")
    #expect(bar(16.7) == "━━━━━━━━━━━")
    #expect(bar(99) == "━━━━━━━━━━━")
    #expect(bar(.nan) == bar(0))
    #expect(bar(3.9, Theme(glyphs: .ascii)) == "==---------")
    var screen = Screen(size: Size(columns: 4, rows: 1))
    let theme = Theme()
    BudgetBar(20, of: 10).draw(into: &screen, in: screen.bounds, theme: theme)
    #expect(screen.palette[screen[0, 0].foreground] == theme.paint(.warn))
  }

  @Test("a sparkline runs between its own least and greatest, newest at the right")
  func sparkline() {
    func spark(_ values: [Double], _ columns: Int = 6) -> String {
      line(columns) { Sparkline(values).draw(into: &$0, in: $1, theme: Theme()) }
    }
    #expect(spark([0, 1, 2, 3, 2, 1, 0], 4) == "⢀⠔⠑⢄")
    #expect(spark([5, 5, 5, 5]) == "    ⠒⠒" || spark([5, 5, 5, 5]) == "    ⠤⠤")
    #expect(spark([1, 1, .nan, 9]).unicodeScalars.count == 6)
    #expect(spark([]) == "" && spark([.nan]) == "")
    #expect(spark((0..<100).map { Double($0) }, 3).unicodeScalars.count == 3)
  }

  @Test("a colour bar: at most 14 rows, numbers 1 2 5 10 where the scale has them")
  func colorBar() {
    var screen = Screen(size: Size(columns: 5, rows: 20))
    let theme = Theme()
    let bar = ColorBar.density(maximum: 14, theme: theme)
    #expect(bar.marks.map(\.label) == ["1", "2", "5", "10"])
    #expect(bar.columns == 4)
    bar.draw(into: &screen, in: screen.bounds, theme: theme)
    #expect(
      screen.text() == """



        ▀
        ▀
        ▀ 10
        ▀
        ▀
        ▀ 5
        ▀
        ▀
        ▀
        ▀ 2
        ▀
        ▀ 1
        ▀
        ▀



        """)
    let top = screen.palette[screen[0, 3].foreground].color!
    #expect(top.distance(to: Color(hex: 0xfde725)) < 3000)
    #expect(ColorBar.density(maximum: 0, theme: theme).marks.isEmpty)
    #expect(ColorBar.density(maximum: .infinity, theme: theme).marks.isEmpty)
  }

  @Test("a colour bar's caption stands above it and ends where it does; a key of dots has none")
  func caption() {
    var screen = Screen(size: Size(columns: 14, rows: 20))
    var bar = ColorBar.density(maximum: 14, theme: Theme())
    bar.caption = "× uniform"
    let right = screen.bounds.split(right: bar.columns).first
    bar.draw(into: &screen, in: right, theme: Theme())
    let lines = screen.text().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[2] == "     × uniform" && lines[3].hasSuffix("▀"))
    var plain = Screen(size: screen.size)
    bar.draw(into: &plain, in: right, theme: Theme(depth: .mono))
    #expect(!plain.text().contains("uniform"))
  }

  @Test("without colour a key of dots stands in the bar's place")
  func key() {
    let theme = Theme(depth: .mono)
    var screen = Screen(size: Size(columns: 5, rows: 14))
    ColorBar.density(maximum: 14, theme: theme).draw(
      into: &screen, in: screen.bounds, theme: theme)
    #expect(
      screen.text() == """

        ⣿ 8

        ⡷ 6

        ⠭ 4

        ⠢ 2

        ⠂ 1

        dots


        """)
    for (row, dots) in [(1, 8), (3, 6), (5, 4), (7, 2), (9, 1)] {
      #expect((screen[0, row].scalar & 0xff).nonzeroBitCount == dots)
    }
  }

  @Test("the ring of angles is round and has the wheel's colours in their directions")
  func ring() {
    var screen = Screen(size: Size(columns: 9, rows: 4))
    let theme = Theme()
    HueRing.draw(into: &screen, in: screen.bounds, theme: theme)
    #expect(
      screen.text() == """
         ⣠⣶⣿⣿⣿⣶⣄
        ⢰⣿⡏   ⢹⣿⡆
        ⠸⣿⣇   ⣸⣿⠇
         ⠙⠿⣿⣿⣿⠿⠋
        """)
    #expect(screen.palette[screen[4, 0].foreground] == theme.wheel(0.25))
  }

  @Test("a histogram's greatest column is full and the least still shows")
  func histogram() {
    let bars = BlockHistogram([0, 1, 100, 50, 0.01, -3])
    #expect(
      line(6) { bars.draw(into: &$0, in: $1, style: .plain, theme: Theme()) } == " ▁█▄▁")
    let counted = BlockHistogram(levels: [-1, 0, 0.5, 1, 7, .nan], columns: 4)
    #expect(counted.heights == [2, 0, 1, 2])
    // On two rows the greatest fills both, and half of it the lower one.
    var screen = Screen(size: Size(columns: 6, rows: 2))
    bars.draw(
      into: &screen, in: Rect(x: 0, y: 0, width: 6, height: 2), style: .plain, theme: Theme())
    #expect(screen.text() == "  █\n ▁██▁")
  }

  @Test("keys have names that scripts can use, and names give the keys back")
  func keys() {
    let keys: [Key] = [
      .character("q"), .character(" "), .character("?"), .character("|"), .character("é"),
      .control("p"), .function(5), .left, .shiftLeft, .home, .end, .pageUp, .enter, .escape,
      .backspace, .tab, .backTab, .delete,
    ]
    for key in keys { #expect(Key(name: key.name) == key) }
    #expect(Key(name: "space") == .character(" "))
    #expect(Key(name: "S-Left") == .shiftLeft && Key(name: "s-left") == .shiftLeft)
    #expect(Key(name: "esc") == .escape && Key(name: "Escape") == .escape)
    for name in ["", "Lef", "S-x", "F0", "F99", "C-", "spacebar"] {
      #expect(Key(name: name) == nil)
    }
  }

  @Test("every widget draws inside what it is given, at every size, in every theme")
  func everywhere() {
    for size in everySize {
      let themes = size.columns > 100 ? [Theme(), Theme(depth: .mono)] : everyTheme
      for theme in themes { drawAll(size, theme) }
    }
  }

  func drawAll(_ size: Size, _ theme: Theme) {
    // A frame of untouched cells around the rectangle shows what draws outside.
    var screen = Screen(size: Size(columns: size.columns + 4, rows: size.rows + 4))
    let rect = Rect(x: 2, y: 2, width: size.columns, height: size.rows)
    let values = (0..<40).map { Double($0 * 7 % 11) }
    let points = values.enumerated().map { ChartPoint(x: Double($0.offset), y: $0.element) }
    let panel = Panel(
      title: "title", heading: [Run("heading")], labels: [Run("many labels here")],
      bottom: [BorderNumber(column: 4, text: "10"), BorderNumber(column: -9, text: "1")],
      leftTicks: [3, 99], isFocused: true)
    Chart(
      series: [ChartSeries(points, label: "a line"), ChartSeries(points, kind: .dots)],
      floors: [ChartFloor(1, note: "floor")], markers: [ChartMarker(points[3])], cursor: 7,
      xRange: 0...40
    ).draw(into: &screen, in: rect, panel: panel, theme: theme)
    let axes = PlotAxes(rect: rect, x: -2...2, y: -2...2)
    var cloud = ScatterDensity()
    cloud.bin(x: [0, 1, -1.5][...], y: [0, 1, 1][...], axes: axes)
    axes.drawGrid(into: &screen, theme: theme)
    if size.rows < 100 {
      let mask = TargetMask(axes: axes) { x, y in -x * x - y * y }
      cloud.draw(
        into: &screen, axes: axes, theme: theme, look: ScatterLook(maximum: 1), target: mask)
    } else {
      cloud.draw(into: &screen, axes: axes, theme: theme, look: ScatterLook(maximum: 1))
    }
    axes.drawNumbers(into: &screen, theme: theme)
    TimeLine(t: 0.5, steps: [TimeLine.Step(t: 0.7)]).draw(into: &screen, in: rect, theme: theme)
    TimeLine(t: 0.5).drawLane(into: &screen, in: rect, role: .lane1, theme: theme)
    Sparkline(values).draw(into: &screen, in: rect, theme: theme)
    BudgetBar(1, of: 3).draw(into: &screen, in: rect, theme: theme)
    ColorBar.density(maximum: 20, theme: theme).draw(into: &screen, in: rect, theme: theme)
    HueRing.draw(into: &screen, in: rect, theme: theme)
    HeatMap.draw(into: &screen, in: rect, theme: theme) { _, _ in theme.heat(0.5) }
    BlockHistogram(values).draw(into: &screen, in: rect, style: .plain, theme: theme)
    DotGrid(columns: 600, rows: 300).draw(into: &screen, in: rect, style: .plain)
    for y in 0..<screen.size.rows {
      for x in 0..<screen.size.columns where !rect.contains(x, y) {
        if screen[x, y] != .blank { Issue.record("drawn outside \(size) at \(x), \(y)") }
      }
    }
    if theme.glyphs == .ascii {
      #expect(screen.text().unicodeScalars.allSatisfy { $0.isASCII })
    }
    if theme.depth == .mono { #expect(screen.palette.paints == [.standard]) }
  }
}
