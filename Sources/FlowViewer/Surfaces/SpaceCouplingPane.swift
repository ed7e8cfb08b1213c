import FlowMatching
import TerminalCanvas

/// A minibatch's pairs as geodesics, as drawn and matched by optimal transport of the space; the points X_t
/// on them at the present t.
struct SpaceCouplingPane: PlotPane {
  let theme: Theme
  /// Pieces of a geodesic: each is drawn straight.
  private static let pieces = 24

  func draw(_ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect) {
    let isWide = rect.width >= 40
    let halves = isWide ? rect.split(left: rect.width / 2) : rect.split(top: rect.height / 2)
    for (index, part) in [halves.first, halves.rest].enumerated() {
      draw(index, state, plots: &plots, into: &screen, in: part)
    }
  }

  private func draw(
    _ index: Int, _ state: AppState, plots: inout PlotCache, into screen: inout Screen,
    in rect: Rect
  ) {
    guard let surface = state.surface else { return }
    let matching = state.probes.pairs?.matchings[index]
    Panel(
      title: index == 0 ? "independent" : "optimal transport",
      labels: matching.map {
        [
          theme.run("mean distance² ", .label),
          theme.run(NumberFormat.significant($0.cost), .value, bold: true),
        ]
      } ?? [], isFocused: state.window.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    let inner = rect.inset(by: 1)
    guard !inner.isEmpty, let pairs = state.probes.pairs, let matching,
      pairs.source.dimension == surface.space.coordinates
    else { return }
    let axes = PlotAxes(
      rect: inner, x: state.scene.xRange, y: state.scene.yRange,
      cellAspect: state.window.cellAspect, alignsTicks: false)
    var look = SurfaceLook()
    look.showsParticles = false
    look.glows = false
    look.tint = surface.space.tint
    look.showsEdge = surface.space.showsEdge
    let projection = state.projection
    var canvas = SurfacePlot(
      theme: theme, projection: projection, space: surface.space, target: surface.target,
      axes: axes
    ).canvas(pairs.source, look, plots: &plots)
    let data = Batch(points: matching.partner.map(pairs.data.point))
    canvas.put(
      ways(pairs.source, data, surface.space, projection, axes), theme.style(.raw))
    canvas.flush(into: &screen)
    var (present, velocity) = (data, data)
    surface.space.geodesic(
      from: pairs.source, to: data, at: .shared(state.playback.clock.t), into: &present,
      velocities: &velocity)
    for (points, glyph, role) in [
      (pairs.source, theme.glyphs.dot, Role.lane2), (data, theme.glyphs.dot, .lane1),
      (present, theme.glyphs.accepted, .accent),
    ] {
      let picture = projection.picture(points)
      for j in 0..<picture.count {
        guard let cell = axes.cell(x: picture[0, j], y: picture[1, j]) else { continue }
        screen.set(cell.column, cell.row, glyph, style: theme.style(role).bold)
      }
    }
  }

  /// The geodesics, piece by piece.
  private func ways(
    _ source: Batch, _ data: Batch, _ space: any PicturedSpace, _ projection: any Projection,
    _ axes: PlotAxes
  ) -> DotGrid {
    var grid = DotGrid(axes.rect.size)
    var (from, to, velocity) = (source, source, source)
    for piece in 1...SpaceCouplingPane.pieces {
      let t = Double(piece) / Double(SpaceCouplingPane.pieces)
      space.geodesic(from: source, to: data, at: .shared(t), into: &to, velocities: &velocity)
      grid.segments(axes, from: from, to: to, through: projection)
      swap(&from, &to)
    }
    return grid
  }
}
