import FlowMatching
import TerminalCanvas

/// The learned velocity at t: arrows over a heat map of its error, divergence or speed.
struct FieldPane: Pane, PlotPane {
  let theme: Theme
  /// The error that takes the last colour, in units of the data's spread.
  static let greatestError = 0.5

  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    if state.surface != nil {
      return SpaceFieldPane(theme: theme).draw(state, plots: &plots, into: &screen, in: rect)
    }
    draw(state, into: &screen, in: rect)
  }

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    PlotFrame(
      theme: theme, title: "field",
      heading: rect.width >= 44 ? [theme.run("\(state.fieldArrows.symbol) at t", .label)] : [],
      labels: labels(state, rect.width)
    ).draw(state, into: &screen, in: rect) { axes, inner, screen in
      guard let picture = state.probes.shownField, picture.request.grid.axes == axes else { return }
      // Finer steps of colour change in nearly every cell of a frame, which a terminal has to be sent.
      let steps = state.playback.clock.isPlaying ? 16.0 : 48
      let scale = FieldScale(picture, scene: state.scene, theme: theme, steps: steps)
      drawHeat(picture, scale, into: &screen, in: axes.rect)
      drawDots(state, axes, picture, scale, into: &screen)
      drawArrows(picture, scale, state.scene.speedScale, into: &screen, in: axes.rect)
      scale.drawBar(into: &screen, in: inner)
    }
  }

  private func labels(_ state: AppState, _ width: Int) -> [Run] {
    let length = state.fieldArrows.length
    let name = state.fieldHeat == .speed ? length : state.fieldHeat.rawValue
    let unit = FieldScale.unit(of: state.fieldHeat, state.scene)
    let heat = [
      theme.run("heat ", .label), theme.run(name, .value),
      theme.run(unit == 1 ? "" : " ÷ " + NumberFormat.axis(unit), .value),
    ]
    guard width >= 60 else { return heat }
    let arrows = length.filter { $0 != "|" }
    return [theme.run("arrows ", .label), theme.run(arrows, .value), theme.run("   ", .label)]
      + heat
      + [theme.run("   dots ", .label), theme.run("particles", .value)]
  }

  private func drawHeat(
    _ picture: FieldPicture, _ scale: FieldScale, into screen: inout Screen, in rect: Rect
  ) {
    let grid = picture.request.grid
    var paints: [Int: Paint?] = [:]
    HeatMap.draw(
      into: &screen, in: rect, theme: theme,
      level: { column, half in
        let presence = grid.value(picture.presence, column: column, half: half)
        let level = scale.level(grid.value(picture.heat, column: column, half: half))
        return presence > 0.5 ? abs(level) : nil
      },
      paint: { column, half in
        let level = scale.level(grid.value(picture.heat, column: column, half: half))
        let presence = Double(grid.value(picture.presence, column: column, half: half))
        // One decision a colour, not one a cell.
        let key =
          Int(saturating: (level * 48).rounded()) * 64 + Int(saturating: (presence * 48).rounded())
        if let known = paints[key] { return known }
        let paint = presence < 1 / 24.0 ? nil : scale.paint(level, presence)
        paints[key] = .some(paint)
        return paint
      })
  }

  /// Some particles as dots, faint: where the field is used.
  private func drawDots(
    _ state: AppState, _ axes: PlotAxes, _ picture: FieldPicture, _ scale: FieldScale,
    into screen: inout Screen
  ) {
    let positions = state.focusedLane.positions
    var grid = DotGrid(axes.rect.size)
    for j in 0..<min(positions.count, min(600, axes.rect.width * axes.rect.height / 6)) {
      let (x, y) = (axes.dotX(positions[0, j]), axes.dotY(positions[1, j]))
      if abs(x) < 1e6, abs(y) < 1e6 {
        grid.set(Int(saturating: x.rounded(.down)), Int(saturating: y.rounded(.down)))
      }
    }
    let style = theme.style(.series)
    for row in 0..<axes.rect.height {
      for column in 0..<axes.rect.width {
        let bits = grid.pattern(column, row)
        guard bits != 0 else { continue }
        screen.set(
          axes.rect.x + column, axes.rect.y + row, theme.glyphs.pattern(bits),
          style: style.on(background(picture, scale, column, row)))
      }
    }
  }

  /// The mean colour of a cell's two samples.
  private func background(
    _ picture: FieldPicture, _ scale: FieldScale, _ column: Int, _ row: Int
  ) -> Paint? {
    guard theme.depth != .mono, theme.glyphs == .braille else { return nil }
    let grid = picture.request.grid
    func mean(_ values: [Float]) -> Float {
      (grid.value(values, column: column, half: 2 * row)
        + grid.value(values, column: column, half: 2 * row + 1)) / 2
    }
    let presence = Double(mean(picture.presence))
    return presence < 1 / 24.0 ? nil : scale.paint(scale.level(mean(picture.heat)), presence)
  }

  /// An arrow every four columns and two rows, brighter where the field is faster.
  private func drawArrows(
    _ picture: FieldPicture, _ scale: FieldScale, _ unit: Double, into screen: inout Screen,
    in rect: Rect
  ) {
    let grid = picture.request.grid
    let arrows = theme.glyphs.arrows
    for row in stride(from: rect.height % 4 / 2, to: rect.height, by: 2) {
      for column in stride(from: rect.width / 2 % 4, to: rect.width, by: 4) {
        let (dotX, dotY) = (Double(2 * column + 1), Double(4 * row + 2))
        guard grid.value(picture.presence, dotX: dotX, dotY: dotY) > 0.15 else { continue }
        let x = Double(grid.value(picture.x, dotX: dotX, dotY: dotY))
        let y = Double(grid.value(picture.y, dotX: dotX, dotY: dotY))
        let speed = (x * x + y * y).squareRoot() / unit
        guard speed.isFinite else { continue }
        let sector = Int(saturating: (Angle.turns(x: x, y: y) * 8).rounded()) % 8
        let glyph = speed < 0.12 ? theme.glyphs.dot : arrows[sector]
        let ground = background(picture, scale, column, row)
        var style = theme.arrow(speed: speed).on(ground)
        // A log-density goes from one end of the colours to the other: ink follows its ground.
        if picture.request.heat == .logDensity, ground != nil {
          style = theme.overHeat(ground)
          if speed > 1.2 { style = style.bold }
        }
        screen.set(rect.x + column, rect.y + row, glyph, style: style)
      }
    }
  }
}

/// What the heat of a field means in colours.
struct FieldScale {
  private let heat: FieldHeat
  private let theme: Theme
  /// Colours from one end to the other.
  private let steps: Double
  /// The value of the last colour, in units.
  private let greatest: Double
  private let unit: Double
  /// The log-density of the thickest place.
  private let top: Double

  /// What numbers at the scale are multiples of: the data's spread, or what points move by. A
  /// divergence has no length in it.
  static func unit(of heat: FieldHeat, _ scene: TargetScene) -> Double {
    switch heat {
    case .error: scene.errorScale
    case .speed: scene.speedScale
    case .divergence, .logDensity: 1
    }
  }

  init(_ picture: FieldPicture, scene: TargetScene, theme: Theme, steps: Double) {
    self.init(picture.request.heat, of: picture.heat, scene: scene, theme: theme, steps: steps)
  }

  /// The scale of one meaning of the colour, of such values.
  init(
    _ heat: FieldHeat, of values: [Float], scene: TargetScene, theme: Theme, steps: Double
  ) {
    self.steps = steps
    unit = FieldScale.unit(of: heat, scene)
    self.heat = heat
    self.theme = theme
    switch heat {
    case .error: greatest = FieldPane.greatestError
    case .divergence: greatest = 8
    case .speed: greatest = 4
    case .logDensity: greatest = DensityPane.depth
    }
    let known = heat == .logDensity ? values.filter(\.isFinite).max() : nil
    top = Double(known ?? 0)
  }

  /// 0…1, for a divergence −1…1; roots, so that small values are told apart.
  func level(_ value: Float) -> Double {
    guard value.isFinite else { return 0 }
    if heat == .logDensity {
      let share = min(1, max(0, 1 + (Double(value) - top) / greatest))
      return (share * steps).rounded() / steps
    }
    let exact = min(1, abs(Double(value)) / (unit * greatest))
    let share = (exact * steps).rounded() / steps
    switch heat {
    case .error: return share
    case .divergence: return value < 0 ? -share.squareRoot() : share.squareRoot()
    case .speed, .logDensity: return share.squareRoot()
    }
  }

  func paint(_ level: Double, _ presence: Double) -> Paint? {
    let presence = (presence * steps / 4).rounded() / (steps / 4)
    return switch heat {
    case .error: theme.fieldError(level, presence: presence)
    case .divergence: theme.balance(level, presence: presence)
    case .speed: theme.magnitude(level, presence: presence)
    case .logDensity: theme.heat(level)
    }
  }

  /// The scale at the pane's right edge.
  func drawBar(into screen: inout Screen, in inner: Rect) {
    guard inner.width >= 40, inner.height >= 12 else { return }
    let scale = self
    let bar: ColorBar
    switch heat {
    case .error:
      bar = ColorBar(
        marks: (0...5).map {
          ColorBar.Mark(
            level: Double($0) / 5,
            label: $0 == 5 ? "≥.5" : NumberFormat.fixed(Double($0) / 10, 1))
        }, paint: { scale.paint($0, 1) })
    case .divergence:
      bar = ColorBar(
        marks: [(-1, "≤−8"), (-0.5, "−2"), (0, "0"), (0.5, "2"), (1, "≥8")].map {
          ColorBar.Mark(level: ($0.0 + 1) / 2, label: $0.1)
        }, paint: { scale.paint(2 * $0 - 1, 1) })
    case .logDensity:
      let first = Int(saturating: top.rounded(.down))
      bar = ColorBar(
        marks: (0..<4).map {
          let value = Double(first - 2 * $0)
          return ColorBar.Mark(
            level: 1 + (value - top) / greatest, label: NumberFormat.fixed(value, 0))
        }, paint: { scale.paint($0, 1) })
    case .speed:
      bar = ColorBar(
        marks: [(0, "0"), (0.5, "1"), (0.7071, "2"), (1, "≥4")].map {
          ColorBar.Mark(level: $0.0, label: $0.1)
        }, paint: { scale.paint($0, 1) })
    }
    bar.draw(
      into: &screen, in: inner.split(right: AppState.barColumns - 1).first, theme: theme)
  }
}
