import FlowMatching
import TerminalCanvas

/// The model's log-density at t on a curved space, by area, with lines that hold 50, 80 and 95 % of the
/// mass; its integral is over the whole space, not what is seen.
struct SpaceDensityPane: PlotPane {
  let theme: Theme

  func draw(_ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect) {
    guard let stage = SurfaceStage(state, theme, in: rect) else { return }
    let picture = state.probes.spaceDensity.shown?.picture
    let t = picture?.request.t ?? state.focusedLane.t
    stage.drawFrame(
      "density",
      heading: rect.width >= 60
        ? [theme.run("log p at t = \(t == 1 ? "1" : NumberFormat.fixed(t, 2))", .label)] : [],
      labels: labels(picture, rect.width), into: &screen)
    guard !stage.inner.isEmpty, let picture else { return }
    let (theme, top) = (theme, state.scene.peakLogDensity)
    let colors = (0...64).map { theme.mixable(theme.heat(Double($0) / 64)) }
    let grid = picture.request.grid
    var look = SurfaceLook()
    look.showsParticles = false
    look.tint = 0
    look.skin = { place in
      let value = Double(grid.value(picture.logDensity, place))
      let level = min(1, max(0, (value - top) / DensityPane.depth + 1))
      return colors[Int(saturating: (level * 64).rounded())].map { ($0, 0.95) }
    }
    let plot = stage.plot
    var canvas = plot.canvas(state.focusedLane.positions, look, plots: &plots)
    if grid.rows == SpaceDensityProbe.fineRows {
      for level in picture.levels {
        canvas.put(
          plot.contour(plots: &plots) { grid.value(picture.logDensity, $0) >= level },
          theme.overHeat(theme.showsSurfaces ? theme.heat(0.3) : nil).on(nil))
      }
    }
    canvas.flush(into: &screen)
    stage.drawNumbers(into: &screen)
    ColorBar.drawLogDensity(top: top, into: &screen, in: stage.inner, theme: theme)
  }

  private func labels(_ picture: SpaceDensityPicture?, _ width: Int) -> [Run] {
    let integral = picture.map { NumberFormat.fixed($0.integral, 4) } ?? NumberFormat.missing
    let contours =
      width >= 70
      ? [
        theme.run("contours hold ", .label), theme.run("50 · 80 · 95 %", .value),
        theme.run("   ", .label),
      ] : []
    return contours + [
      theme.run("∫p over all ", .label), theme.run(integral, .value, bold: true),
    ]
  }
}
