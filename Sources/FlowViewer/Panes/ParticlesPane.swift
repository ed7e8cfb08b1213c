import FlowMatching
import TerminalCanvas

/// The cloud: shape from where particles are, colour from how many, the target faintly behind.
struct ParticlesPane {
  let theme: Theme

  func draw(_ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect) {
    let inner = rect.inset(by: 1)
    let axes = state.axes(in: inner)
    var labels = [
      theme.run(NumberFormat.grouped(state.particleCount), .value),
      theme.run(" particles", .label),
    ]
    if let trouble = state.trouble(ofLane: state.focused) {
      labels += [theme.run(" · ", .hint), theme.run(trouble, .bad)]
    } else if rect.width >= 70 {
      labels += [
        theme.run(" · colour: ", .hint), theme.run(state.scenery.colouring.rawValue, .label),
      ]
    }
    Panel(
      title: "particles", labels: labels, bottom: axes.borderNumbers, leftTicks: axes.leftTicks,
      isFocused: state.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty else { return }
    let backdrop = plots.backdrop(state, axes: axes)
    let maximum = backdrop.peakShare * Double(state.particleCount)
    axes.drawGrid(into: &screen, theme: theme)
    let positions = state.focusedLane.positions
    let n = positions.count
    let x = positions.values[0..<n]
    let y = positions.values[n..<2 * n]
    switch state.scenery.colouring {
    case .density:
      plots.scatter.bin(x: x, y: y, axes: axes)
      plots.scatter.draw(
        into: &screen, axes: axes, theme: theme, look: ScatterLook(maximum: maximum),
        target: backdrop.mask)
      drawBar(maximum, into: &screen, in: inner)
    case .angle:
      plots.scatter.bin(x: x, y: y, axes: axes, hues: startAngles(state.shownNoise)[0..<n])
      plots.scatter.draw(
        into: &screen, axes: axes, theme: theme, look: ScatterLook(.hue, maximum: maximum),
        target: backdrop.mask)
      HueRing.draw(into: &screen, in: inner.inset(left: 0, top: 0, right: 1), theme: theme)
    }
    axes.drawNumbers(into: &screen, theme: theme)
  }

  /// Where each particle started, as an angle around the origin in turns.
  private func startAngles(_ start: Batch) -> [Double] {
    (0..<start.count).map { Angle.turns(x: start[0, $0], y: start[1, $0]) }
  }

  private func drawBar(_ maximum: Double, into screen: inout Screen, in inner: Rect) {
    // On a smaller pane the numbers would stand in the cloud.
    guard inner.width >= 40, inner.height >= 12 else { return }
    let bar = ColorBar.density(maximum: maximum, theme: theme)
    bar.draw(into: &screen, in: inner.split(right: bar.columns).first, theme: theme)
  }
}
