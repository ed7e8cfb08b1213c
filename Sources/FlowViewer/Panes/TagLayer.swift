import FlowMatching
import TerminalCanvas

/// The tagged group over a cloud, in the colour of what is followed.
struct TagLayer {
  let theme: Theme

  func draw(_ state: AppState, lane: Int, axes: PlotAxes, into screen: inout Screen) {
    guard !state.particles.tagged.isEmpty else { return }
    let positions = state.projection.picture(state.lanes.all[lane].positions)
    var grid = DotGrid(axes.rect.size)
    let limit = 4 * Double(max(grid.width, grid.height))
    for j in state.particles.tagged where j < positions.count {
      let (x, y) = (axes.dotX(positions[0, j]), axes.dotY(positions[1, j]))
      // Written so that what is not a number fails.
      guard abs(x) < limit, abs(y) < limit else { continue }
      grid.set(Int(saturating: x.rounded(.down)), Int(saturating: y.rounded(.down)))
    }
    grid.draw(
      into: &screen, in: axes.rect, style: theme.style(.accent), glyphs: theme.glyphs)
  }
}
