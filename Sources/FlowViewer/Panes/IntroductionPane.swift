import FlowMatching
import TerminalCanvas

/// The introduction: the name alone, then the whole screen with all but one part of it dark.
struct IntroductionPane {
  let theme: Theme

  /// The screen of the first scene, which has nothing of the others.
  func drawName(
    _ introduction: Introduction, aspect: Double, scatter: inout ScatterDensity,
    into screen: inout Screen
  ) {
    let size = screen.size
    let full = Rect(x: 0, y: 0, width: size.columns, height: size.rows - 6)
    let axes = PlotAxes(
      rect: full, x: -3...3, y: -0.75...0.75, cellAspect: aspect, alignsTicks: false)
    drawParticles(introduction, axes, scatter: &scatter, into: &screen)
    drawCaption(
      introduction, into: &screen,
      in: Rect(x: max(0, (size.columns - 78) / 2), y: size.rows - 5, width: 78, height: 1))
    TimeLine(t: introduction.t).draw(
      into: &screen, in: Rect(x: 3, y: size.rows - 3, width: size.columns - 6, height: 1),
      theme: theme)
    screen.write(
      [theme.run("any key", .key), theme.run(" to begin", .hint)], x: 1, y: size.rows - 1)
    screen.write(
      [
        theme.run("?", .key), theme.run(" help   ", .hint), theme.run("q", .key),
        theme.run(" quit", .hint),
      ], endingAt: size.columns - 1, y: size.rows - 1)
  }

  /// Darkens what the scene is not about, and says its sentence at the foot of the plot.
  func drawLight(
    _ introduction: Introduction, _ layout: ScreenLayout, into screen: inout Screen
  ) {
    guard let scene = introduction.scene, let plot = layout.lanes.first else { return }
    var lit = scene.panes.compactMap { layout.rect(of: $0) }
    if scene == .keys { lit = [plot, layout.time, layout.hints] }
    if scene == .particles { lit.append(layout.time) }
    // The cloud goes on while a chart is spoken of: half lit, not gone.
    let half = lit.contains(plot) ? [] : [plot]
    let background = theme.backgroundColor
    screen.fade(towards: background, amount: 0.6, outside: lit + half)
    for rect in half { screen.fade(towards: background, amount: 0.45, inside: rect) }
    let inner = plot.inset(by: 1)
    drawCaption(
      introduction, into: &screen,
      in: Rect(x: inner.x, y: inner.maxY - 1, width: inner.width, height: 1))
  }

  private func drawParticles(
    _ introduction: Introduction, _ axes: PlotAxes, scatter: inout ScatterDensity,
    into screen: inout Screen
  ) {
    let solve = introduction.solve
    guard solve.knows(0) else { return }
    let points = solve.position(at: min(introduction.t, solve.frontier))
    let n = points.count
    scatter.bin(x: points.values[0..<n], y: points.values[n..<2 * n], axes: axes)
    // The density that the whole name has when it stands: a scale that moved would make it pump.
    let letters = Double(n) / Double(NameInDots.mixture.weights.count)
    let dots = NameInDots.pixel / axes.unitsPerDotX * NameInDots.pixel / axes.unitsPerDotY
    scatter.draw(
      into: &screen, axes: axes, theme: theme, look: ScatterLook(maximum: 8 * letters / dots))
    drawWays(introduction, axes, into: &screen)
  }

  /// The whole ways of some particles in three greys, where neither dots nor their glow are.
  private func drawWays(
    _ introduction: Introduction, _ axes: PlotAxes, into screen: inout Screen
  ) {
    let thirds = [0.86, 0.8, 0.72]
    let solve = introduction.solve
    let end = min(introduction.t, solve.frontier)
    let samples = 12
    for (index, fade) in thirds.enumerated() {
      var grid = DotGrid(axes.rect.size)
      let start = end * Double(index) / Double(thirds.count)
      var from = solve.position(at: start)
      for step in 1...samples {
        let to = solve.position(
          at: start + end / Double(thirds.count) * Double(step) / Double(samples))
        for way in 0..<Introduction.ways {
          grid.line(axes, from: (from[0, way], from[1, way]), to: (to[0, way], to[1, way]))
        }
        from = to
      }
      draw(grid, theme.faded(theme.style(.label), fade), axes.rect, into: &screen)
    }
  }

  private func draw(_ grid: DotGrid, _ style: Style, _ rect: Rect, into screen: inout Screen) {
    for row in 0..<grid.rows {
      for column in 0..<grid.columns {
        let bits = grid.pattern(column, row)
        let cell = screen[rect.x + column, rect.y + row]
        guard bits != 0, cell.scalar == Cell.blank.scalar, cell.background == .standard else {
          continue
        }
        screen.set(rect.x + column, rect.y + row, theme.glyphs.pattern(bits), style: style)
      }
    }
  }

  /// One row: the sentence, and which of five it is where there is room for that.
  private func drawCaption(
    _ introduction: Introduction, into screen: inout Screen, in rect: Rect
  ) {
    guard let scene = introduction.scene else { return }
    let background = theme.paint(.panel)
    screen.fill(rect, style: Style(background: background))
    func faded(_ run: Run) -> Run {
      Run(run.text, theme.faded(run.style, 1 - introduction.strength).on(background))
    }
    let sentence = [
      theme.run("▌", .accent), theme.run(" " + scene.caption, .value, bold: true),
    ].map(faded)
    screen.write(sentence, x: rect.x, y: rect.y, clip: rect)
    let marks = Introduction.Scene.allCases.map {
      $0 == scene ? theme.run(" ●", .accent) : theme.run(" •", .border)
    }.map { Run($0.text, $0.style.on(background)) }
    guard sentence.columns + marks.columns + 4 <= rect.width else { return }
    screen.write(marks, endingAt: rect.maxX - 2, y: rect.y, clip: rect)
  }
}
