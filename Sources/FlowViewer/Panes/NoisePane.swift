import FlowMatching
import TerminalCanvas

/// The scatter of the objective's target as ellipses: where a loss is noisy, and along which way.
struct NoisePane: PlotPane {
  let theme: Theme
  /// Ellipses are as long as the scatter moves a point in so much time.
  static let time = 0.1

  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    let picture = state.probes.noise.shown?.picture
    let frame = PlotFrame(
      theme: theme, title: "target noise",
      heading: rect.width >= 60 ? [theme.run(state.noiseFormula, .label)] : [],
      labels: labels(picture, state.isOfShownWeights(picture), rect.width))
    frame.draw(state, into: &screen, in: rect) { axes, inner, screen in
      let backdrop = plots.backdrop(state, axes: axes)
      plots.scatter.bin(x: [], y: [], axes: axes)
      plots.scatter.draw(
        into: &screen, axes: axes, theme: theme, look: ScatterLook(maximum: 1, glows: false),
        target: backdrop.mask)
      if let complaint = state.noiseComplaint {
        frame.draw(complaint, into: &screen, in: inner)
      } else if let picture {
        draw(picture, axes, into: &screen)
      }
    }
  }

  /// The time of what is on show; a number of older weights than those of the lanes is not said.
  private func labels(_ picture: NoisePicture?, _ isCurrent: Bool, _ width: Int) -> [Run] {
    guard let picture else { return [] }
    let time = NumberFormat.fixed(picture.request.t, 2)
    let value = isCurrent ? NumberFormat.significant(picture.floor) : NumberFormat.missing
    return [
      theme.run(width >= 48 ? "least loss at t \(time) " : "floor ", .label),
      theme.run(value, .value, bold: true),
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
