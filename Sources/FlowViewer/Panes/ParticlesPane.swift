import FlowMatching
import TerminalCanvas

/// The cloud: shape from where particles are, colour from how many, the target faintly behind.
struct ParticlesPane: PlotPane {
  let theme: Theme

  func draw(_ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect) {
    if state.surface != nil {
      return SurfacePane(theme: theme).draw(state, plots: &plots, into: &screen, in: rect)
    }
    let inner = rect.inset(by: 1)
    let axes = state.axes(in: inner)
    let count = state.look.scenery.trails ? Ensemble.filmCount : state.particleCount
    var labels = [
      theme.run(NumberFormat.grouped(count), .value),
      theme.run(" particles", .label),
    ]
    if let trouble = state.trouble(ofLane: state.lanes.focused) {
      labels += [theme.run(" · ", .hint), theme.run(trouble, .bad)]
    } else if let words = state.axesWords {
      labels =
        (rect.width >= 56 ? labels + [theme.run(" · ", .hint)] : [])
        + [theme.run(words, .value)]
    } else if rect.width >= 70 {
      // Without colours the dots of a cell count its particles, whatever a colour would say.
      let hasColour = theme.depth != .mono
      let colouring = hasColour ? state.look.scenery.colouring : .density
      labels += [
        theme.run(hasColour ? " · colour: " : " · dots: ", .hint),
        theme.run(colouring.rawValue, .label),
      ]
      if rect.width >= 90, state.look.scenery.content == .both, hasColour {
        labels += [theme.run(" · grey: ", .hint), theme.run("the target", .label)]
      }
    }
    Panel(
      title: "particles", labels: labels, bottom: state.borderNumbers(axes),
      leftTicks: state.leftTicks(axes),
      isFocused: state.window.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty else { return }
    if state.look.appearance.showsAxes { axes.drawGrid(into: &screen, theme: theme) }
    if state.look.scenery.content != .target, state.look.scenery.trails {
      TrailsLayer(theme: theme).draw(state, axes: axes, into: &screen)
    }
    drawCloud(state, axes, plots: &plots, into: &screen, in: inner)
    if showsWays(state) {
      WaysLayer(theme: theme).draw(state, lane: state.lanes.focused, axes: axes, into: &screen)
    }
    TagLayer(theme: theme).draw(state, lane: state.lanes.focused, axes: axes, into: &screen)
    InspectionLayer(theme: theme).draw(state, axes: axes, into: &screen)
    if state.look.appearance.showsAxes { axes.drawNumbers(into: &screen, theme: theme) }
    AxisNamesLayer(theme: theme).draw(state, into: &screen, in: inner)
  }

  /// Whether some particles show their whole ways, among which trails can be read: in the plane, where hues
  /// are free and none is followed.
  private func showsWays(_ state: AppState) -> Bool {
    state.look.scenery.trails && state.look.scenery.content != .target
      && state.look.scenery.colouring != .angle && state.followed == nil && state.scene.axes == nil
      && state.turning == nil && state.lanes.ensemble.lanes[state.lanes.focused].count > 0
  }

  private func drawCloud(
    _ state: AppState, _ axes: PlotAxes, plots: inout PlotCache, into screen: inout Screen,
    in inner: Rect
  ) {
    let backdrop = plots.backdrop(state, axes: axes)
    let full = backdrop.peakShare * Double(state.particleCount)
    let mask = state.look.scenery.content == .particles ? nil : backdrop.mask
    let isTarget = state.look.scenery.content == .target
    // Among all particles no trail could be followed: only those that leave one are drawn.
    let count = state.look.scenery.trails && !isTarget ? Ensemble.filmCount : state.particleCount
    var points = isTarget ? state.scene.sample : state.focusedLane.positions
    if count < points.count { points = points.prefix(count) }
    points = state.projection.picture(points)
    let maximum = full * Double(points.count) / Double(max(1, state.particleCount))
    // A followed particle stands out before a fainter cloud.
    let fade = showsWays(state) ? 0.42 : state.followed == nil ? 0 : 0.6
    var look = ScatterLook(maximum: maximum, glows: fade == 0, fade: fade)
    var values: ArraySlice<Double>?
    var bar: ColorBar? = .density(maximum: maximum, theme: theme)
    let theme = theme
    switch state.look.scenery.colouring {
    case _ where isTarget: break
    case .density: break
    case .angle:
      let hues = plots.startAngles(state.seenNoise)
      let n = points.count
      plots.scatter.bin(
        x: points.values[0..<n], y: points.values[n..<2 * n], axes: axes, hues: hues[0..<n])
      plots.scatter.draw(
        into: &screen, axes: axes, theme: theme,
        look: ScatterLook(.hue, maximum: maximum, glows: fade == 0, fade: fade),
        target: mask)
      return HueRing.draw(into: &screen, in: inner.inset(left: 0, top: 0, right: 1), theme: theme)
    case .speed:
      guard let speeds = state.speeds(of: state.lanes.focused) else { break }
      values = speeds.prefix(points.count)
      look.colouring = .mean { theme.densityStyle(($0 / 4).squareRoot()) }
      bar = ParticlesPane.bar([("0", 0), ("1", 0.5), ("2", 0.7071), ("≥4", 1)], theme)
    case .logDensity:
      guard let carried = state.carriedDensity else { break }
      points = state.projection.picture(carried.positions.prefix(count))
      values = carried.values.prefix(points.count)
      let top = state.scene.peakLogDensity
      look.colouring = .mean { theme.densityStyle(($0 - top) / DensityPane.depth + 1) }
      let first = Int(saturating: top.rounded(.down))
      bar = ParticlesPane.bar(
        (0..<4).map {
          let value = Double(first - 2 * $0)
          return (NumberFormat.fixed(value, 0), (value - top) / DensityPane.depth + 1)
        }, theme)
    }
    let n = points.count
    plots.scatter.bin(
      x: points.values[0..<n], y: points.values[n..<2 * n], axes: axes, values: values)
    plots.scatter.draw(into: &screen, axes: axes, theme: theme, look: look, target: mask)
    if let bar { drawBar(bar, into: &screen, in: inner) }
  }

  private static func bar(_ marks: [(String, Double)], _ theme: Theme) -> ColorBar {
    ColorBar(marks: marks.map { ColorBar.Mark(level: $0.1, label: $0.0) }) { theme.density($0) }
  }

  private func drawBar(_ bar: ColorBar, into screen: inout Screen, in inner: Rect) {
    // On a smaller pane the numbers would stand in the cloud.
    guard inner.width >= 40, inner.height >= 12 else { return }
    bar.draw(into: &screen, in: inner.split(right: bar.columns).first, theme: theme)
  }
}
