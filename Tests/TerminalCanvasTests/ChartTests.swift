import Testing

@testable import TerminalCanvas

@Suite("Chart")
struct ChartTests {
  func draw(_ chart: Chart, _ columns: Int, _ rows: Int, _ theme: Theme = Theme()) -> Screen {
    var screen = Screen(size: Size(columns: columns, rows: rows))
    chart.draw(into: &screen, in: screen.bounds, panel: Panel(title: "loss"), theme: theme)
    return screen
  }

  var loss: Chart {
    let steps = (0..<60).map { 30 * Elementary.power(400, Double($0) / 59) }
    let line = steps.map { ChartPoint(x: $0, y: 1.95 + 12 / ($0 + 10)) }
    let raw = stride(from: 0, to: 60, by: 7).map {
      ChartPoint(x: steps[$0], y: line[$0].y + ($0 % 2 == 0 ? 0.06 : -0.05))
    }
    return Chart(
      series: [ChartSeries(raw, kind: .dots, role: .raw), ChartSeries(line)],
      floors: [ChartFloor(1.929, note: "no field can go below")], xRange: 30...12000,
      xScale: .logarithmic, yRange: 1.82...2.34)
  }

  @Test("loss: a line two dots thick, single values, a dashed floor with its words, even ticks")
  func golden() {
    #expect(
      draw(loss, 52, 14).text() == """
        ╭─ loss ───────────────────────────────────────────╮
        │                                                  │
        │  2.3 ⠂ · · · · · · · · · · · · · · · · · · · · · │
        │      ⢦                                           │
        │  2.2 ⠈⠛⣆ · · · · · · · · · · · · · · · · · · · · │
        │        ⠈⠳⣤⡀                                      │
        │  2.1 · · ·⠙⢦⡀· ⠄ · · · · · · · · · · · · · · · · │
        │           ⠁ ⠙⠛⠶⣤⣄        ⡀                       │
        │  2.0 · · · · · ·⠈⠛⠳⠶⢦⣤⣤⣀⣀⣀⡀· · · · ⠈ · · · · ⠐ · │
        │      ⣀ ⣀ ⣀ ⣀ ⣀ ⣀ ⣀ ⣀⠄⣀ ⣉⠉⣉⠙⣛⠛⣛⠛⣛⠛⣛⠳⣶⠶⣶⠶⣶⠶⣶⠶⣶⠶⣶⠶⣶ │
        │  1.9 ·no field can go below  ·⠂· · · · ·⠐· · · · │
        │                                                  │
        │  1.8 · · · · · · · · · · · · · · · · · · · · · · │
        ╰──── 30 ──── 100 ─── 300 ─── 1k ──── 3k ───── 10k ╯
        """)
  }

  @Test("loss in ASCII")
  func goldenASCII() {
    let text = draw(loss, 52, 14, Theme(glyphs: .ascii)).text()
    #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
    #expect(
      text == """
        +- loss -------------------------------------------+
        |                                                  |
        |  2.3 . . . . . . . . . . . . . . . . . . . . . . |
        |      +                                           |
        |  2.2 .++ . . . . . . . . . . . . . . . . . . . . |
        |        .++.                                      |
        |  2.1 . . .++.. . . . . . . . . . . . . . . . . . |
        |           . +++++        .                       |
        |  2.0 . . . . . ..++++++:::.. . . . . . . . . . . |
        |      - - - - - - - -.- :::++++++++++++++++++++++ |
        |  1.9 .no field can go below  ... . . . ... . . . |
        |                                                  |
        |  1.8 . . . . . . . . . . . . . . . . . . . . . . |
        +---- 30 ---- 100 --- 300 --- 1k ---- 3k ----- 10k +
        """)
  }

  var precision: Chart {
    func line(_ order: Double, _ scale: Double, _ role: Role, _ name: String) -> ChartSeries {
      ChartSeries(
        (4...128).map { ChartPoint(x: Double($0), y: scale / Elementary.power(Double($0), order)) },
        role: role, label: name)
    }
    return Chart(
      series: [
        line(1, 1, .lane1, "Euler"), line(2, 2, .lane2, "midpoint"), line(4, 40, .lane3, "RK4"),
      ],
      markers: [
        ChartMarker(ChartPoint(x: 8, y: 0.04), role: .lane1),
        ChartMarker(ChartPoint(x: 8, y: 0.03), role: .lane2),
      ], xRange: 4...256, xScale: .powersOfTwo, yScale: .logarithmic)
  }

  @Test(
    "several lines: one dot thick, names at their ends, marks where their numbers are, two in one cell"
  )
  func lanes() {
    #expect(
      draw(precision, 60, 16).text() == """
        ╭─ loss ───────────────────────────────────────────────────╮
        │      ⠤⢄⣀⣀                                                │
        │ 10⁻¹ ⠓⠢⢤⢄⡉⠉⠉⠉⠒⠒⠢⠤⠤⠤⠤⣀⣀⣀· · · · · · · · · · · · · · · · · │
        │         ⠉⠚⢍⡒⠒▌⠤⢄⣀      ⠉⠉⠉⠑⠒⠒⠒⠢⠤⠤⠤⣀⣀⣀⡀                   │
        │ 10⁻² · · · ⠈⠑⠢⢄⡀ ⠉⠉⠒⠢⠤⢄⣀ · · · · · · ⠈⠉⠉⠉⠒⠒⠒⠢⠤⠤⠄ Euler · │
        │                ⠈⠒⠤⣀     ⠉⠑⠒⠢⠤⢄⣀                          │
        │ 10⁻³ · · · · · · · ⠉⠢⢄⡀· · · · ⠉⠉⠒⠢⠤⢄⣀ · · · · · · · · · │
        │                       ⠈⠒⠤⡀            ⠉⠉⠒⠢⠤⢄⣀   midpoint │
        │ 10⁻⁴ · · · · · · · · · · ⠈⠑⠢⢄⡀ · · · · · · · ⠉⠉⠂ · · · · │
        │                              ⠈⠑⠤⣀                        │
        │ 10⁻⁵ · · · · · · · · · · · · · · ⠉⠢⢄⡀· · · · · · · · · · │
        │                                     ⠈⠒⠤⣀                 │
        │ 10⁻⁶ · · · · · · · · · · · · · · · · · ·⠉⠢⢄⡀ · · · · · · │
        │                                            ⠈⠒⠤⣀          │
        │ 10⁻⁷ · · · · · · · · · · · · · · · · · · · · · ⠁ RK4 · · │
        ╰───── 4 ───── 8 ──── 16 ───── 32 ──── 64 ───── 128 ───────╯
        """)
  }

  @Test("a cell where lines meet keeps the dots of all and the colour of the last")
  func shared() {
    let up = ChartSeries(
      [ChartPoint(x: 0, y: 0), ChartPoint(x: 1, y: 1)], role: .lane1)
    let down = ChartSeries(
      [ChartPoint(x: 0, y: 1), ChartPoint(x: 1, y: 0)], role: .lane2)
    let theme = Theme()
    let range = 0.0...1.0
    func dots(_ series: [ChartSeries]) -> Screen {
      draw(Chart(series: series, xRange: range, yRange: range), 40, 14)
    }
    let both = dots([up, down])
    // A second line elsewhere keeps the first one dot thick.
    let other = ChartSeries([], role: .lane3)
    let first = dots([up, other])
    let second = dots([down, other])
    var met = 0
    for y in 1..<13 {
      for x in 7..<39 {
        let a = first[x, y].scalar
        let b = second[x, y].scalar
        guard a > 0x2800, b > 0x2800 else { continue }
        met += 1
        #expect(both[x, y].scalar == 0x2800 + (a - 0x2800 | b - 0x2800))
        #expect(both.palette[both[x, y].foreground] == theme.paint(.lane2))
      }
    }
    #expect(met > 0)
  }

  @Test("values far outside, infinite or missing neither draw outside nor hang")
  func wild() {
    let values: [Double] = [1, .nan, 1e300, -1e300, .infinity, 2, -.infinity, 0, 1e-300]
    let points = values.enumerated().map { ChartPoint(x: Double($0.offset) * 1e9, y: $0.element) }
    for scale in [Chart.Scale.linear, .logarithmic] {
      for range in [0.0...8e9, 1...2, 3e9...4e9] {
        let chart = Chart(
          series: [ChartSeries(points), ChartSeries(points, kind: .dots)],
          floors: [ChartFloor(.nan), ChartFloor(1e200, note: "far")],
          markers: points.map { ChartMarker($0) }, cursor: .infinity, xRange: range, xScale: scale,
          yRange: 0.5...3, yScale: scale)
        let text = draw(chart, 40, 10).text().split(separator: "\n")
        #expect(text.count == 10)
        #expect(text.allSatisfy { $0.hasPrefix("│") || $0.hasPrefix("╭") || $0.hasPrefix("╰") })
      }
    }
  }

  @Test("stacked charts share the column where their plots begin")
  func aligned() {
    let rect = Rect(x: 10, y: 0, width: 50, height: 8)
    #expect(loss.plotRect(in: rect) == precision.plotRect(in: rect))
    #expect(loss.plotRect(in: rect).x == 16)
    #expect(loss.plotRect(in: rect).maxX == rect.maxX - 1)
  }

  @Test("x numbers are centred on the column of their value")
  func xNumbers() {
    let numbers = loss.xNumbers(in: Rect(x: 0, y: 0, width: 62, height: 10))
    #expect(numbers.map(\.text) == ["30", "100", "300", "1k", "3k", "10k"])
    #expect(numbers.first?.column == 6)
    let gaps = zip(numbers, numbers.dropFirst()).map { $1.column - $0.column }
    #expect(gaps.max()! - gaps.min()! <= 2)
  }

  @Test("heat maps show two samples a cell and leave what is nil")
  func heat() {
    var screen = Screen(size: Size(columns: 2, rows: 2))
    let red = Paint(Color(hex: 0xff0000))
    let blue = Paint(Color(hex: 0x0000ff))
    HeatMap.draw(into: &screen, in: screen.bounds, theme: Theme()) { column, half in
      column == 0 ? (half % 2 == 0 ? red : blue) : (half == 3 ? blue : nil)
    }
    #expect(screen.text() == "▀\n▀▄")
    #expect(screen.palette[screen[0, 1].foreground] == red)
    #expect(screen.palette[screen[0, 1].background] == blue)
    #expect(screen[1, 1].background == .standard)
  }
}
