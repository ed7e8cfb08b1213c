import FlowMatching
import TerminalCanvas

/// The whole of a curved space beside the main plot: all particles at once.
struct WholePane: CachingPane {
  let theme: Theme

  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    guard let surface = state.surface, let turning = state.turning else {
      Panel(title: "whole").draw(into: &screen, in: rect, theme: theme)
      return
    }
    let projection = surface.space.wholeProjection(turning)
    let isWide = rect.width >= 50
    Panel(
      title: surface.space.names.beside,
      heading: isWide ? [theme.run(surface.space.wholeWords, .label)] : [],
      labels: isWide ? surface.space.wholeLabels(theme, state) : [],
      isFocused: state.window.focusedPane == .whole
    ).draw(into: &screen, in: rect, theme: theme)
    let inner = rect.inset(by: 1)
    guard !inner.isEmpty, let box = projection.window else { return }
    let axes = PlotAxes(
      rect: inner, x: box.x, y: box.y, cellAspect: state.window.cellAspect, alignsTicks: false)
    var look = SurfaceLook()
    let isMap = projection.shading == .map
    look.showsLines = !isMap
    look.showsEdge = false
    look.showsParticles = state.look.scenery.content != .target
    look.tint = state.look.scenery.content == .particles ? 0 : surface.space.tint
    look.fade = state.look.scenery.trails && !isMap ? 0.28 : 0
    if state.look.scenery.colouring == .angle {
      look.colouring = .hue(surface.space.startTurns(state.particles.shownNoise))
      look.glows = false
    }
    var canvas = SurfacePlot(
      theme: theme, projection: projection, space: surface.space, target: surface.target,
      axes: axes
    ).canvas(state.focusedLane.positions, look, plots: &plots)
    if state.look.scenery.trails, !isMap {
      SurfaceTrails(theme: theme).put(state, projection, on: &canvas)
    }
    canvas.flush(into: &screen)
    SurfaceMarks(theme: theme).draw(state, projection, axes, into: &screen)
    if let rim = surface.space.rim(turning) {
      drawRim(projection.picture(rim), axes, into: &screen)
    }
  }

  /// The edge of what the plot beside shows.
  private func drawRim(_ rim: Batch, _ axes: PlotAxes, into screen: inout Screen) {
    var grid = DotGrid(axes.rect.size)
    for j in 0..<rim.count {
      let (x, y) = (axes.dotX(rim[0, j]), axes.dotY(rim[1, j]))
      grid.set(Int(saturating: x.rounded(.down)), Int(saturating: y.rounded(.down)))
    }
    grid.draw(
      into: &screen, in: axes.rect, style: theme.style(.accent), glyphs: theme.glyphs)
  }
}

extension PicturedSpace {
  /// The angle of every start, in turns: the first coordinate of the chart.
  func startTurns(_ start: Batch) -> [Double] { chart(start).map(\.x) }
}
