import FlowMatching
import TerminalCanvas

/// The mean along the class's axis against the weight: what the tilt promises, the ODE, and flows with
/// noise; the lanes hang from the tilt by a thread.
struct GuidanceChartPane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let study = state.guidanceStudy
    let target = study?.target
    let tilt = (study?.tilts ?? [:]).sorted { $0.key < $1.key }.filter { (1...8).contains($0.key) }
      .map { entry in
        ChartPoint(
          x: entry.key,
          y: zip(target?.axis ?? [], entry.value.mean).reduce(0) { $0 + $1.0 * $1.1 })
      }
    var series = (study?.curves ?? []).map { curve in
      ChartSeries(
        curve.means.map { ChartPoint(x: $0.weight, y: $0.mean) }, role: role(of: curve, state),
        label: curve.name)
    }
    series.append(ChartSeries(tilt, role: .floor, label: "tilt, exact"))
    var markers: [ChartMarker] = []
    for (index, lane) in state.lanes.all.enumerated() {
      guard let weight = lane.settings.guidance?.weight, (1...8).contains(weight),
        let figure = state.guidedFigure(ofLane: index)
      else { continue }
      if let promised = figure.tilt {
        // Dots, since a line has one height at a place.
        let thread = (0...24).map { k in
          ChartPoint(
            x: weight, y: promised.mean + Double(k) / 24 * (figure.mean - promised.mean))
        }
        series.append(ChartSeries(thread, kind: .dots, role: .lane(index)))
      }
      markers.append(ChartMarker(ChartPoint(x: weight, y: figure.mean), role: .lane(index)))
    }
    let known = series.flatMap(\.points).map(\.y).filter(\.isFinite)
    let isKnown = known.count > 2
    Chart(
      series: isKnown ? series : [], markers: isKnown ? markers : [], xRange: 1...8,
      yRange: isKnown ? nil : 0...1
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "how far guidance pulls",
        heading: [
          theme.run(
            rect.width >= 70 ? "mean along the class axis against w" : "mean against w", .label)
        ],
        labels: labels(state, study)),
      theme: theme)
  }

  /// Whether it grows, or of which weights it is where those on show are newer.
  private func labels(_ state: AppState, _ study: GuidanceStudy?) -> [Run] {
    guard let study else { return [] }
    if !study.isOver { return [theme.run("measuring …", .hint)] }
    let step = study.key.weightsStep
    return step == 0 || step == state.shownWeightsStep
      ? [] : [theme.run("of step " + NumberFormat.grouped(step), .hint)]
  }

  /// The role of the last lane that goes this way.
  private func role(of curve: GuidanceStudy.Curve, _ state: AppState) -> Role {
    let index = state.lanes.all.lastIndex {
      ($0.settings.stochastic == nil) == (curve.settings.stochastic == nil)
        && $0.settings.guide == curve.settings.guide
        && $0.settings.velocity == curve.settings.velocity
        && $0.settings.training == curve.settings.training
        && $0.settings.noise == curve.settings.noise
        && $0.settings.guidance?.switches == curve.settings.guidance?.switches
    }
    return index.map { .lane($0) } ?? .series
  }
}
