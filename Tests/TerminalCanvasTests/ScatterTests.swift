import Testing

@testable import TerminalCanvas

@Suite("Scatter")
struct ScatterTests {
  let axes = PlotAxes(
    rect: Rect(x: 0, y: 0, width: 24, height: 12), x: -3...3, y: -3...3, cellAspect: 2)

  @Test("one dot of world is as wide as high, whatever the cell's aspect")
  func equalScale() {
    for aspect in [1.6, 2.0, 2.125, 2.4] {
      for size in [(94, 36), (48, 18), (38, 19), (20, 40)] {
        let axes = PlotAxes(
          rect: Rect(x: 3, y: 2, width: size.0, height: size.1), x: -2.7...2.7, y: -1...3,
          cellAspect: aspect)
        // A cell is `aspect` times as high as wide, 2 dots wide and 4 dots high.
        #expect(abs(4 * axes.unitsPerDotY / (2 * axes.unitsPerDotX) - aspect) < 1e-12)
        #expect(axes.xRange.lowerBound <= -2.69 && axes.xRange.upperBound >= 2.69)
        #expect(axes.yRange.lowerBound <= -0.99 && axes.yRange.upperBound >= 2.99)
      }
    }
  }

  @Test("ticks fall on the middle of cells, evenly, where the scale allows it")
  func alignedTicks() {
    let axes = PlotAxes(
      rect: Rect(x: 1, y: 1, width: 94, height: 36), x: -2.75...2.75, y: -2.75...2.75)
    #expect(axes.yTicks.map(\.label) == ["−2", "−1", "0", "1", "2", "3"])
    for ticks in [axes.xTicks.map(\.cell), axes.yTicks.map(\.cell)] {
      let gaps = zip(ticks, ticks.dropFirst()).map { abs($1 - $0) }
      #expect(Set(gaps).count == 1)
    }
    #expect(abs(axes.dotX(0).truncatingRemainder(dividingBy: 2) - 1) < 1e-9)
    #expect(abs(axes.dotY(0).truncatingRemainder(dividingBy: 4) - 2) < 1e-9)
  }

  @Test("world, dots and cells are inverse to each other")
  func inverse() {
    for column in [0, 7, 23] {
      for row in [0, 5, 11] {
        let point = axes.world(column: column, row: row)
        let cell = axes.cell(x: point.x, y: point.y)
        #expect(cell?.column == column && cell?.row == row)
      }
    }
    #expect(axes.cell(x: 99, y: 0) == nil)
    #expect(axes.cell(x: .nan, y: 0) == nil)
  }

  @Test("dots stand where the particles are; what is outside or no number is left out")
  func occupancy() {
    var cloud = ScatterDensity()
    let x = [0.0, 0, 99, .nan, .infinity, -2.5]
    let y = [0.0, 0, 0, 0, 1, 2.5]
    cloud.bin(x: x[...], y: y[...], axes: axes)
    #expect(cloud.visible == 3)
    var screen = Screen(size: Size(columns: 24, rows: 12))
    cloud.draw(into: &screen, axes: axes, theme: Theme(), look: ScatterLook(maximum: 1))
    let dots = screen.cells.filter { $0.scalar > 0x2800 }
    #expect(dots.count == 2)
    #expect(dots.allSatisfy { ($0.scalar - 0x2800).nonzeroBitCount == 1 })
  }

  @Test("slices that begin anywhere give the picture of their particles")
  func slices() {
    var random = Scatter(seed: 1)
    let points = random.cloud(50)
    let both = points.x + points.y
    var a = ScatterDensity()
    var b = ScatterDensity()
    a.bin(x: points.x[...], y: points.y[...], axes: axes)
    b.bin(x: both[0..<50], y: both[50..<100], axes: axes, values: both[50..<100])
    #expect(a.patterns == b.patterns)
    var c = ScatterDensity()
    c.bin(x: points.x.map { Float($0) }[...], y: points.y.map { Float($0) }[...], axes: axes)
    #expect(c.visible == a.visible)
  }

  @Test("the blurred density of one particle is a Gaussian of σ 2.6 dots, 8 dots a cell")
  func blur() {
    var cloud = ScatterDensity()
    let middle = axes.world(dotX: 24.5, dotY: 24.5)
    cloud.bin(x: [middle.x][...], y: [middle.y][...], axes: axes)
    let expected = 8 / (2 * Double.pi * 2.6 * 2.6)
    #expect(abs(cloud.peak() / expected - 1) < 0.01)
    let ratio = cloud.density(dotX: 24 + 3, dotY: 24 - 2) / cloud.density(dotX: 24, dotY: 24)
    #expect(abs(ratio - Elementary.exp(-13 / (2 * 2.6 * 2.6))) < 1e-4)
  }

  @Test("the blur keeps the number of particles")
  func mass() {
    var random = Scatter(seed: 2)
    let points = random.cloud(2000, deviation: 0.4)
    var cloud = ScatterDensity()
    cloud.bin(x: points.x[...], y: points.y[...], axes: axes)
    var sum = 0.0
    for y in 0..<48 { for x in 0..<48 { sum += cloud.density(dotX: x, dotY: y) / 8 } }
    #expect(abs(sum - 2000) < 1)
  }

  @Test("a cell takes the mean of its particles' values: the last writer never wins")
  func means() {
    let place = axes.world(column: 12, row: 6)
    func color(_ values: [Double]) -> Color? {
      var cloud = ScatterDensity()
      let n = values.count
      cloud.bin(
        x: [Double](repeating: place.x, count: n)[...],
        y: [Double](repeating: place.y, count: n)[...], axes: axes, values: values[...])
      var screen = Screen(size: Size(columns: 24, rows: 12))
      let theme = Theme()
      let look = ScatterLook(
        .mean { Style(foreground: theme.endError(theme.endErrorLevel($0))) }, maximum: 1,
        glows: false)
      cloud.draw(into: &screen, axes: axes, theme: theme, look: look)
      return screen.palette[screen[12, 6].foreground].color
    }
    let theme = Theme()
    #expect(color([0.001, 0.019]) == theme.endError(theme.endErrorLevel(0.01)).color)
    #expect(color([0.019, 0.001]) == color([0.001, 0.019]))
    #expect(color([1, 1, 1]) == theme.endError(1).color)
  }

  @Test("angles average around the circle: 350° and 10° make 0°, not 180°")
  func hues() {
    let place = axes.world(column: 12, row: 6)
    var cloud = ScatterDensity()
    cloud.bin(
      x: [place.x, place.x][...], y: [place.y, place.y][...], axes: axes,
      hues: [350.0 / 360, 10.0 / 360][...])
    var screen = Screen(size: Size(columns: 24, rows: 12))
    cloud.draw(
      into: &screen, axes: axes, theme: Theme(), look: ScatterLook(.hue, maximum: 1, glows: false))
    #expect(screen.palette[screen[12, 6].foreground].color == ColorMap.wheel.color(at: 0))
  }

  @Test("a held c_max keeps colours: half the particles look half as dense")
  func heldMaximum() {
    #expect(LogScale.level(10, maximum: 10) == 1)
    #expect(LogScale.level(0, maximum: 10) == 0)
    #expect(abs(LogScale.level(2, maximum: 10) - 0.386_852_807) < 1e-8)
    for i in 0...100 {
      let exact = LogScale.level(Double(i) / 100, maximum: 1)
      #expect(abs(Double(LogScale.level(Float(i) / 100)) - exact) < 1e-5)
    }
  }

  @Test("the same cloud as readable text: braille, and characters by count in ASCII")
  func golden() {
    var random = Scatter(seed: 5)
    let points = random.cloud(220, deviation: 0.9)
    var cloud = ScatterDensity()
    cloud.bin(x: points.x[...], y: points.y[...], axes: axes)
    func text(_ theme: Theme) -> String {
      var screen = Screen(size: Size(columns: 24, rows: 12))
      axes.drawGrid(into: &screen, theme: theme)
      cloud.draw(into: &screen, axes: axes, theme: theme, look: ScatterLook(maximum: cloud.peak()))
      axes.drawNumbers(into: &screen, theme: theme)
      return screen.text()
    }
    #expect(
      text(Theme()) == """

                     ⠄
          2 · ⠄  ⢀  ⡀    ⠈ ⠠
              ⢀⢠⢅  ⡐⣩⠁⠒⣀  ⡀ ⢀
           ⠂  ⠠⠈⠓⡪⠠⣼⢀⡆⠤⣁⢠⡐ ⠄
           ⡀⠈ ⢀ ⢤⡴⢫⡖⣺⡡⡀⢁ ⢄⠈
          0 ⠈ ⢁⣐⣐⠈⡗⠩⣤⠞⠸⣁⡈⡢⠠·
              ⠁⠄⢒⠩⢖⢙⠰⡍⠱⢩⠉⠁
            ⠌   ⠂ ⠐⠆⠃⠆⡀⠰ ⢀
         −2 ·   ⠂   ⠠⠐     ·
                      ⠁   ⠁

        """)
    #expect(
      text(Theme(glyphs: .ascii)) == """

                     .
          2 . .  .  .    . .
              .++  :*.::  . .
           .  ..+*:#.+:+:: .
           .. . ++#+*+.: :.
          0 . :++:**#**+:+..
              ..+*+*+*+++.
            :   . .:::.: .
         -2 .   .   ..     .
                      .   .

        """)
  }

  @Test("the target's region holds its share of the mass and its edge is an outline")
  func targetFromDensity() {
    let mask = TargetMask(axes: axes, mass: 0.95) { x, y in -(x * x + y * y) / 2 / 0.64 }
    // A Gaussian's 95 % disc has the radius σ √(2 ln 20).
    let radius = 0.8 * (2 * Elementary.log(20)).squareRoot()
    let area =
      mask.strength.reduce(0) { $0 + Double($1) } * 8 * axes.unitsPerDotX
      * axes.unitsPerDotY
    #expect(abs(area / (Double.pi * radius * radius) - 1) < 0.05)
    #expect(mask.strength.allSatisfy { $0 >= 0 && $0 <= 1.0001 })
    #expect(mask.strength[6 * 24 + 12] > 0.99 && mask.strength[0] == 0)
    for y in 0..<mask.outline.height {
      for x in 0..<mask.outline.width where mask.outline.test(x, y) {
        let point = axes.world(dotX: Double(x) + 0.5, dotY: Double(y) + 0.5)
        let distance = (point.x * point.x + point.y * point.y).squareRoot()
        #expect(abs(distance - radius) < 3 * axes.unitsPerDotX)
      }
    }
  }

  @Test("samples give nearly the region of their density")
  func targetFromSamples() {
    var random = Scatter(seed: 3)
    let points = random.cloud(20_000, deviation: 0.8)
    let mask = TargetMask(axes: axes, x: points.x[...], y: points.y[...])
    let exact = TargetMask(axes: axes) { x, y in -(x * x + y * y) / 2 / 0.64 }
    let wrong = zip(mask.strength, exact.strength).filter { abs($0 - $1) > 0.5 }.count
    #expect(wrong <= 6)
    #expect(TargetMask(axes: axes, x: [], y: []).strength.allSatisfy { $0 == 0 })
    #expect(TargetMask(axes: axes) { _, _ in .nan }.strength.allSatisfy { $0 == 0 })
  }

  @Test("the outline shows only where no particle is")
  func outlineGivesWay() {
    let mask = TargetMask(axes: axes) { x, y in -(x * x + y * y) / 2 }
    var cloud = ScatterDensity()
    var random = Scatter(seed: 4)
    let points = random.cloud(300)
    cloud.bin(x: points.x[...], y: points.y[...], axes: axes)
    var screen = Screen(size: Size(columns: 24, rows: 12))
    let theme = Theme()
    cloud.draw(into: &screen, axes: axes, theme: theme, look: ScatterLook(maximum: 5), target: mask)
    for row in 0..<12 {
      for column in 0..<24 {
        let isGhost =
          screen.palette[screen[column, row].foreground] == theme.paint(.ghost)
        let bits = cloud.patterns[row * 24 + column]
        #expect(isGhost == (bits == 0 && mask.outline.pattern(column, row) != 0))
      }
    }
  }

  @Test("colours stay few: a glowing cloud over its target takes under 600 inks")
  func fewInks() {
    var random = Scatter(seed: 6)
    let points = random.cloud(6000)
    let axes = PlotAxes(rect: Rect(x: 0, y: 0, width: 94, height: 36), x: -3...3, y: -3...3)
    let mask = TargetMask(axes: axes) { x, y in -(x * x + y * y) / 2 }
    var cloud = ScatterDensity()
    var screen = Screen(size: Size(columns: 94, rows: 36))
    for scale in [1.0, 0.7, 0.4] {
      cloud.bin(x: points.x.map { $0 * scale }[...], y: points.y[...], axes: axes)
      let maximum = cloud.peak()
      cloud.draw(
        into: &screen, axes: axes, theme: Theme(), look: ScatterLook(maximum: maximum), target: mask
      )
    }
    #expect(screen.palette.paints.count < 600)
  }
}
