import FlowMatching
import TerminalCanvas

/// The learned velocity on a curved space: arrows along the surface, as one sees them from here, over the
/// colour of its error, divergence or speed.
struct SpaceFieldPane: PlotPane {
  let theme: Theme

  func draw(_ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect) {
    guard let stage = SurfaceStage(state, theme, in: rect) else { return }
    let unit = FieldScale.unit(of: state.fieldHeat, state.scene)
    stage.drawFrame(
      "field", heading: rect.width >= 44 ? [theme.run("v at t", .label)] : [],
      labels: [
        theme.run(rect.width >= 70 ? "arrows along the surface   " : "", .label),
        theme.run("heat ", .label),
        theme.run(state.fieldHeat.rawValue, .value),
        theme.run(unit == 1 ? "" : " ÷ " + NumberFormat.axis(unit), .value),
      ], into: &screen)
    guard !stage.inner.isEmpty, let picture = state.probes.spaceField.shown?.picture,
      picture.request.grid == ChartGrid(stage.space, rows: SpaceFieldProbe.rows)
    else { return }
    let steps = state.playback.clock.isPlaying ? 16.0 : 48
    let scale = FieldScale(
      picture.request.heat, of: picture.heat, scene: state.scene, theme: theme, steps: steps)
    var look = SurfaceLook()
    look.skin = skin(picture, scale)
    look.showsParticles = false
    look.tint = 0.5 * stage.space.tint
    look.showsEdge = stage.space.showsEdge
    stage.plot.canvas(state.focusedLane.positions, look, plots: &plots).flush(into: &screen)
    drawArrows(picture, stage, unit: state.scene.speedScale, into: &screen)
    stage.drawNumbers(into: &screen)
    if theme.showsSurfaces { scale.drawBar(into: &screen, in: stage.inner) }
  }

  /// The heat as a colour of the surface, one decision a level.
  private func skin(
    _ picture: SpaceFieldPicture, _ scale: FieldScale
  ) -> @Sendable (SIMD2<Double>) -> (color: SurfaceColor, amount: Float)? {
    let colors = (-48...48).map { theme.mixable(scale.paint(Double($0) / 48, 1)) }
    let grid = picture.request.grid
    return { place in
      let level = scale.level(grid.value(picture.heat, place))
      let presence = grid.value(picture.presence, place)
      guard presence > 0.05,
        let color = colors[48 + Int(saturating: (level * 48).rounded())]
      else { return nil }
      return (color, 0.85 * min(1, presence))
    }
  }

  /// An arrow every four columns and two rows: its direction as it is seen, its brightness by how fast the
  /// field is there.
  private func drawArrows(
    _ picture: SpaceFieldPicture, _ stage: SurfaceStage, unit: Double, into screen: inout Screen
  ) {
    let (axes, projection, grid) = (stage.axes, stage.projection, picture.request.grid)
    let rect = axes.rect
    for row in stride(from: rect.height % 4 / 2, to: rect.height, by: 2) {
      for column in stride(from: rect.width / 2 % 4, to: rect.width, by: 4) {
        let world = axes.world(column: rect.x + column, row: rect.y + row)
        guard projection.surface(x: world.x, y: world.y) != nil,
          let point = projection.lift(x: world.x, y: world.y)
        else { continue }
        let x = Batch(points: [point])
        let place = stage.space.chart(x)[0]
        guard grid.value(picture.presence, place) > 0.3 else { continue }
        let v = Batch(points: [picture.velocity.map { Double(grid.value($0, place)) }])
        let seen = projection.directions(v, at: x)
        let length = v.values.reduce(0) { $0 + $1 * $1 }.squareRoot() / unit
        let short = (seen[0, 0] * seen[0, 0] + seen[1, 0] * seen[1, 0]).squareRoot() / unit
        guard length.isFinite, short.isFinite else { continue }
        let sector = Int(saturating: (Angle.turns(x: seen[0, 0], y: seen[1, 0]) * 8).rounded()) % 8
        screen.set(
          rect.x + column, rect.y + row,
          short < 0.12 ? theme.glyphs.dot : theme.glyphs.arrows[sector],
          style: theme.arrow(speed: length))
      }
    }
  }
}
