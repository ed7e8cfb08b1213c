import FlowMatching
import TerminalCanvas

/// A lane of a comparison on the body of a curved space; all lanes' bodies stand alike.
extension LanePane {
  func drawSurface(
    _ state: AppState, _ surface: (space: any PicturedSpace, target: SurfaceTarget),
    _ index: Int, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    let (lane, projection) = (state.lanes.all[index], state.projection)
    let axes = state.axes(in: rect, lane: index)
    let theme = theme
    var look = SurfaceLook()
    look.tint = surface.space.tint
    look.showsEdge = surface.space.showsEdge
    look.glows = false
    look.fade = state.particles.picked == nil ? 0 : 0.6
    if state.isOutOfComparison(index) {
      look.colouring = .uniform(theme.style(.hint))
    } else if state.colour(ofLane: index) == .start {
      look.colouring = .hue(
        Array(surface.space.startTurns(state.particles.shownNoise).prefix(lane.positions.count)))
    } else if state.colour(ofLane: index) == .error, let error = lane.error {
      let scale = state.scene.errorScale
      look.colouring = .mean(error.particles) {
        theme.endErrorStyle(theme.endErrorLevel($0 / scale))
      }
    }
    SurfacePlot(
      theme: theme, projection: projection, space: surface.space, target: surface.target,
      axes: axes
    ).canvas(lane.positions, look, plots: &plots).flush(into: &screen)
    TagLayer(theme: theme).draw(state, lane: index, axes: axes, into: &screen)
    if index == state.lanes.focused { drawJoins(state, axes, into: &screen) }
    drawPicked(state, index, axes, into: &screen)
  }
}
