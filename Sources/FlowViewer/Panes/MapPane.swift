import FlowMatching
import TerminalCanvas

/// A residual of a flow map as heat: where one jump cannot follow the flow.
struct MapPane: PlotPane {
  let theme: Theme
  /// The residual of the last colour, in units of the data's spread.
  static let greatest = 0.3

  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    let inner = rect.inset(by: 1)
    let axes = state.axes(in: inner)
    let picture = state.probes.residual.shown?.picture
    let shown = picture.flatMap { $0.request.grid.axes == axes ? $0 : nil }
    Panel(
      title: "residual",
      heading: rect.width >= 56 ? [theme.run(state.look.scenery.residual.formula, .label)] : [],
      labels: labels(shown), bottom: state.borderNumbers(axes),
      leftTicks: state.leftTicks(axes),
      isFocused: state.window.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty else { return }
    if state.look.appearance.showsAxes { axes.drawGrid(into: &screen, theme: theme) }
    if let complaint = state.residualComplaint {
      screen.write(
        [theme.run(complaint, .hint)], x: inner.x + 2, y: inner.y + inner.height / 2, clip: inner)
    } else if let shown {
      draw(shown, unit: state.scene.errorScale, into: &screen, in: axes.rect)
      drawBar(unit: state.scene.errorScale, into: &screen, in: inner)
    }
    if state.look.appearance.showsAxes { axes.drawNumbers(into: &screen, theme: theme) }
  }

  private func labels(_ picture: MapPicture?) -> [Run] {
    guard let picture else { return [] }
    return [
      theme.run("rms ", .label),
      theme.run(NumberFormat.significant(picture.size), .value, bold: true),
    ]
  }

  private func draw(
    _ picture: MapPicture, unit: Double, into screen: inout Screen, in rect: Rect
  ) {
    let grid = picture.request.grid
    HeatMap.draw(
      into: &screen, in: rect, theme: theme,
      level: { column, half in
        guard grid.value(picture.presence, column: column, half: half) > 0.1 else { return nil }
        return MapPane.level(
          Double(grid.value(picture.values, column: column, half: half)) / unit)
      },
      paint: { column, half in
        let presence = Double(grid.value(picture.presence, column: column, half: half))
        guard presence > 0.1 else { return nil }
        let value = Double(grid.value(picture.values, column: column, half: half)) / unit
        return theme.fieldError(MapPane.level(value), presence: min(1, presence))
      })
  }

  /// 0…1 by the fourth root, so that decades are told apart, in 24 steps.
  static func level(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 0 }
    let share = (value / greatest).squareRoot().squareRoot()
    return (min(1, share) * 24).rounded() / 24
  }

  private func drawBar(unit: Double, into screen: inout Screen, in inner: Rect) {
    guard inner.width >= 40, inner.height >= 12 else { return }
    let theme = theme
    ColorBar(
      marks: [0, 0.001, 0.01, 0.03, 0.1, 0.3].map {
        ColorBar.Mark(
          level: ($0 / MapPane.greatest).squareRoot().squareRoot(),
          label: $0 == 0 ? "0" : NumberFormat.significant($0 * unit, 1))
      }, paint: { theme.fieldError($0, presence: 1) }
    ).draw(into: &screen, in: inner.split(right: AppState.barColumns - 1).first, theme: theme)
  }
}

/// The scatter of the objective's target as ellipses: where a loss is noisy, and along which way.
struct NoisePane: PlotPane {
  let theme: Theme
  /// Ellipses are as long as the scatter moves a point in so much time.
  static let time = 0.1

  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    let inner = rect.inset(by: 1)
    let axes = state.axes(in: inner)
    let picture = state.probes.noise.shown?.picture
    Panel(
      title: "target noise",
      heading: rect.width >= 60 ? [theme.run(state.noiseFormula, .label)] : [],
      labels: labels(picture, rect.width), bottom: state.borderNumbers(axes),
      leftTicks: state.leftTicks(axes),
      isFocused: state.window.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty else { return }
    if state.look.appearance.showsAxes { axes.drawGrid(into: &screen, theme: theme) }
    let backdrop = plots.backdrop(state, axes: axes)
    plots.scatter.bin(x: [], y: [], axes: axes)
    plots.scatter.draw(
      into: &screen, axes: axes, theme: theme, look: ScatterLook(maximum: 1, glows: false),
      target: backdrop.mask)
    if let complaint = state.noiseComplaint {
      screen.write(
        [theme.run(complaint, .hint)], x: inner.x + 2, y: inner.y + inner.height / 2, clip: inner)
    } else if let picture {
      draw(picture, axes, into: &screen)
    }
    if state.look.appearance.showsAxes { axes.drawNumbers(into: &screen, theme: theme) }
  }

  private func labels(_ picture: NoisePicture?, _ width: Int) -> [Run] {
    guard let picture else { return [] }
    return [
      theme.run(width >= 48 ? "least loss at t " : "floor ", .label),
      theme.run(NumberFormat.significant(picture.floor), .value, bold: true),
    ]
  }

  private func draw(_ picture: NoisePicture, _ axes: PlotAxes, into screen: inout Screen) {
    var outlines = DotGrid(axes.rect.size)
    for ellipse in picture.ellipses {
      let rim = ellipse.rim(scale: NoisePane.time)
      for (a, b) in zip(rim, rim.dropFirst()) { outlines.line(axes, from: a, to: b) }
    }
    let style = theme.style(.series)
    for row in 0..<outlines.rows {
      for column in 0..<outlines.columns where outlines.pattern(column, row) != 0 {
        screen.set(
          axes.rect.x + column, axes.rect.y + row,
          theme.glyphs.pattern(outlines.pattern(column, row)), style: style)
      }
    }
  }
}
