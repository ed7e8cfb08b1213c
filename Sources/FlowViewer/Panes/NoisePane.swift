import FlowMatching
import TerminalCanvas

/// The scatter of the objective's target as ellipses: where a loss is noisy, and along which way. With trails,
/// the target of one pair after the other beside their mean.
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
      heading: rect.width >= 60 ? [theme.run(heading(state, picture), .label)] : [],
      labels: labels(state, picture, rect.width))
    frame.draw(state, into: &screen, in: rect) { axes, inner, screen in
      let backdrop = plots.backdrop(state, axes: axes)
      plots.scatter.bin(x: [], y: [], axes: axes)
      plots.scatter.draw(
        into: &screen, axes: axes, theme: theme, look: ScatterLook(maximum: 1, glows: false),
        target: backdrop.mask)
      if let complaint = state.noiseComplaint {
        frame.draw(complaint, into: &screen, in: inner)
      } else if let picture, showsTargets(state, picture) {
        drawTargets(picture, atStep: state.training.report.step, axes, into: &screen)
      } else if let picture {
        draw(picture, axes, into: &screen)
      } else {
        frame.draw("measuring …", into: &screen, in: inner)
      }
    }
  }

  /// The time of what is on show; a number of older weights than those of the lanes is not said.
  private func labels(_ state: AppState, _ picture: NoisePicture?, _ width: Int) -> [Run] {
    guard let picture, state.noiseComplaint == nil else { return [] }
    if showsTargets(state, picture) {
      return [
        theme.run("mean", .accent), theme.run(" · ", .hint),
        theme.run(width >= 56 ? "a pair's target, redrawn" : "a pair's target", .series),
      ]
    }
    let isLeast = !state.followedExperiment.traits.isMap
    let name = !isLeast ? "variance" : width >= 48 ? "least loss" : "floor"
    let value = state.currentNoise.map { NumberFormat.significant($0.floor) }
    return [
      theme.run("\(name) at t \(NumberFormat.fixed(picture.request.t, 2)) ", .label),
      theme.run(value ?? NumberFormat.missing, .value, bold: true),
    ]
  }

  private func heading(_ state: AppState, _ picture: NoisePicture?) -> String {
    picture.map { showsTargets(state, $0) } ?? false ? "at fixed x and t" : state.noiseFormula
  }

  private func showsTargets(_ state: AppState, _ picture: NoisePicture) -> Bool {
    state.look.scenery.trails && !picture.targets.isEmpty
  }

  /// At every place the mean of all pairs' velocities, and the velocity of one pair, another at each step.
  private func drawTargets(
    _ picture: NoisePicture, atStep step: Int, _ axes: PlotAxes, into screen: inout Screen
  ) {
    let time = 3 * NoisePane.time
    var (single, mean) = (DotGrid(axes.rect.size), DotGrid(axes.rect.size))
    for place in picture.targets {
      let target = place.draws[step % place.draws.count]
      let from = (x: place.x, y: place.y)
      single.line(axes, from: from, to: (place.x + time * target.x, place.y + time * target.y))
      mean.line(
        axes, from: from, to: (place.x + time * place.mean.x, place.y + time * place.mean.y))
    }
    single.draw(into: &screen, in: axes.rect, style: theme.style(.series), glyphs: theme.glyphs)
    mean.draw(into: &screen, in: axes.rect, style: theme.style(.accent), glyphs: theme.glyphs)
    for place in picture.targets {
      guard let cell = axes.cell(x: place.x, y: place.y) else { continue }
      screen.set(cell.column, cell.row, theme.glyphs.bullet, style: theme.style(.value).bold)
    }
  }

  private func draw(_ picture: NoisePicture, _ axes: PlotAxes, into screen: inout Screen) {
    var outlines = DotGrid(axes.rect.size)
    for ellipse in picture.ellipses {
      let rim = ellipse.rim(scale: NoisePane.time)
      for (a, b) in zip(rim, rim.dropFirst()) { outlines.line(axes, from: a, to: b) }
    }
    outlines.draw(
      into: &screen, in: axes.rect, style: theme.style(.series), glyphs: theme.glyphs)
  }
}
