import FlowMatching
import TerminalCanvas

/// The particles of a curved space, on its body or its map.
struct SurfacePane: PlotPane {
  let theme: Theme

  func draw(_ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect) {
    guard let stage = SurfaceStage(state, theme, in: rect) else { return }
    let (inner, axes, projection) = (stage.inner, stage.axes, stage.projection)
    stage.drawFrame(
      stage.space.names.plot, labels: labels(state, stage.space, rect.width), into: &screen)
    guard !inner.isEmpty else { return }
    let look = look(state, stage)
    let points = state.look.scenery.content == .target ? state.scene.sample : look.points
    var canvas = stage.plot.canvas(points, look.look, plots: &plots)
    if state.look.scenery.trails {
      SurfaceTrails(theme: theme).put(state, projection, on: &canvas)
    }
    canvas.flush(into: &screen)
    if stage.ticks != nil, stage.space.linesAreCuts { drawGlued(axes, into: &screen) }
    SurfaceMarks(theme: theme).draw(state, projection, axes, into: &screen)
    TagLayer(theme: theme).draw(state, lane: state.lanes.focused, axes: axes, into: &screen)
    InspectionLayer(theme: theme).draw(state, axes: axes, into: &screen)
    stage.drawNumbers(into: &screen)
    let share = plots.surfaces.counted(
      state.focusedLane.positions, on: stage.space, stage.target
    ).share
    drawCorners(state, stage, share, into: &screen)
    if look.isHue {
      HueRing.draw(into: &screen, in: inner.inset(left: 0, top: 0, right: 1), theme: theme)
    } else if let bar = look.bar, inner.width >= 40, inner.height >= 12 {
      bar.draw(into: &screen, in: inner.split(right: bar.columns).first, theme: theme)
    }
  }

  private func labels(_ state: AppState, _ space: any PicturedSpace, _ width: Int) -> [Run] {
    var labels = [
      theme.run(NumberFormat.grouped(state.particleCount), .value),
      theme.run(" particles", .label),
    ]
    if let trouble = state.trouble(ofLane: state.lanes.focused) {
      return labels + [theme.run(" · ", .hint), theme.run(trouble, .bad)]
    }
    guard width >= 70 else { return labels }
    labels += [
      theme.run(" · colour: ", .hint), theme.run(SurfacePane.word(state), .label),
    ]
    guard width >= 84 else { return labels }
    if state.projection.hasAxes {
      return labels + [theme.run("   opposite edges are one", .hint)]
    }
    return labels + [
      theme.run("   \(space.turningName) ", .hint), theme.run(state.standingWords, .value),
    ]
  }

  /// What the colour means.
  static func word(_ state: AppState) -> String {
    switch state.look.scenery.colouring {
    case .density: "density × uniform"
    case .angle: "where it started"
    case .speed, .logDensity: state.look.scenery.colouring.rawValue
    }
  }

  /// How the particles are coloured, and the scale beside them.
  struct Coloured {
    var look = SurfaceLook()
    var points: Batch
    var bar: ColorBar?
    var isHue = false
  }

  private func look(_ state: AppState, _ stage: SurfaceStage) -> Coloured {
    var result = Coloured(points: state.focusedLane.positions)
    let (theme, scale) = (theme, stage.target.scale)
    result.look.tint = state.look.scenery.content == .particles ? 0 : stage.space.tint
    result.look.showsEdge = stage.space.showsEdge
    result.look.showsLines = state.look.appearance.showsAxes
    result.look.fade =
      state.followed != nil ? 0.6 : state.look.scenery.trails ? 0.28 : 0
    result.look.glows = state.followed == nil
    result.bar = ColorBar(
      marks: scale.marks.map { ColorBar.Mark(level: scale.level($0.value), label: $0.text) }
    ) { theme.density($0) }
    result.bar?.caption = "× uniform"
    guard state.look.scenery.content != .target else { return result }
    switch state.look.scenery.colouring {
    case .density: break
    case .angle:
      result.look.colouring = .hue(stage.space.startTurns(state.particles.shownNoise))
      result.look.glows = false
      result.isHue = true
    case .speed:
      guard let speeds = state.speeds(of: state.lanes.focused) else { break }
      result.look.colouring = .mean(speeds) { theme.densityStyle(($0 / 4).squareRoot()) }
      result.look.glows = false
      result.bar = SurfacePane.bar([("0", 0), ("1", 0.5), ("2", 0.7071), ("≥4", 1)], theme)
      result.bar?.caption = "speed"
    case .logDensity:
      guard let carried = state.carriedDensity else { break }
      result.points = carried.positions
      let top = state.scene.peakLogDensity
      result.look.colouring = .mean(Array(carried.values)) {
        theme.densityStyle(($0 - top) / DensityPane.depth + 1)
      }
      result.look.glows = false
      let first = Int(saturating: top.rounded(.down))
      result.bar = SurfacePane.bar(
        (0..<4).map {
          let value = Double(first - 2 * $0)
          return (NumberFormat.fixed(value, 0), (value - top) / DensityPane.depth + 1)
        }, theme)
      result.bar?.caption = "log p"
    }
    return result
  }

  private static func bar(_ marks: [(String, Double)], _ theme: Theme) -> ColorBar {
    ColorBar(marks: marks.map { ColorBar.Mark(level: $0.1, label: $0.0) }) { theme.density($0) }
  }

  /// Which edges of the square are one: each pair points the same way.
  private func drawGlued(_ axes: PlotAxes, into screen: inout Screen) {
    let arrows = theme.glyphs.arrows
    for (x, y, arrow) in [
      (0, Double.pi, 0), (0, -Double.pi, 0), (Double.pi, 0, 2), (-Double.pi, 0, 2),
    ] {
      guard let cell = axes.cell(x: x, y: y) else { continue }
      screen.set(cell.column, cell.row, arrows[arrow], style: theme.style(.title))
    }
  }

  /// How fast the body turns, and how many particles are where the data is.
  private func drawCorners(
    _ state: AppState, _ stage: SurfaceStage, _ share: Double, into screen: inout Screen
  ) {
    let inner = stage.inner
    guard inner.width >= 60, inner.height >= 20, !state.projection.hasAxes else { return }
    if let turning = state.turning, state.isTurning {
      let speed = NumberFormat.axis(abs(turning.speed))
      screen.write(
        [theme.run("turns ", .hint), theme.run("\(speed)°/s", .value)], x: inner.x + 2,
        y: inner.maxY - 1, clip: inner)
    }
    screen.write(
      [
        theme.run(stage.target.words + " ", .hint),
        theme.run(NumberFormat.fixed(100 * share, 0) + " %", .value, bold: true),
      ], endingAt: inner.maxX - 2, y: inner.maxY - 1, clip: inner)
  }
}

/// The numbers of both angles of a square, in halves of π.
struct AngleTicks {
  let bottom: [BorderNumber]
  let rows: [Int]
  private let numbers: [(row: Int, text: String)]

  init(_ axes: PlotAxes) {
    var (bottom, numbers): ([BorderNumber], [(Int, String)]) = ([], [])
    for (step, text) in zip(-2...2, ["−π", "−π/2", "0", "π/2", "π"]) {
      let angle = Double(step) * .pi / 2
      guard let cell = axes.cell(x: angle, y: angle) else { continue }
      bottom.append(BorderNumber(column: cell.column, text: text))
      numbers.append((cell.row, text))
    }
    self.bottom = bottom
    self.numbers = numbers
    rows = numbers.map(\.0)
  }

  /// The numbers along y at the left edge.
  func drawNumbers(into screen: inout Screen, theme: Theme, in inner: Rect) {
    for (row, text) in numbers {
      screen.write(
        NumberFormat.padded(theme.glyphs.spelled(text), to: 4), x: inner.x, y: row,
        style: theme.style(.axis), clip: inner)
    }
  }
}
