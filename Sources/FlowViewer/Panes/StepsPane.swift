import FlowMatching
import TerminalCanvas

/// One axis of t for where training looks, what it has not learned yet, and where steps go: the density and
/// the weight of t, the excess loss at each t, the error that a step would make there, and the ends of the
/// lane's steps. Each curve is a share of its own greatest value.
struct StepsPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let curves = curves(state)
    let ticks = (state.focusedLane.settings.gridTimes ?? []).map {
      ChartMarker(ChartPoint(x: $0, y: 0), role: .accent)
    }
    Chart(
      series: curves.filter { !$0.points.isEmpty }.map {
        ChartSeries($0.points, role: $0.role, label: rect.width >= 58 ? $0.name : $0.short)
      },
      markers: ticks, cursor: state.focusedLane.t, cursorRole: .accent, xRange: 0...1,
      yRange: 0...1
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "over t", isFocused: state.window.focusedPane == .steps),
      theme: theme)
  }

  private struct Curve {
    let name, short: String
    let role: Role
    let points: [ChartPoint]

    init(_ name: String, _ short: String, _ role: Role, _ points: [(t: Double, value: Double)]) {
      (self.name, self.short, self.role) = (name, short, role)
      let greatest = points.map(\.value).filter(\.isFinite).max() ?? 0
      self.points =
        greatest > 0 ? points.map { ChartPoint(x: $0.t, y: min(1, $0.value / greatest)) } : []
    }
  }

  private func curves(_ state: AppState) -> [Curve] {
    let experiment = state.followedExperiment
    // The ends of a density may be infinite.
    let times = (1...99).map { Double($0) / 100 }
    let excess = state.shownErrorCurve
    // That of older weights is grey until there is the one of these.
    let isCurrent = excess?.weightsStep == state.shownWeightsStep
    let steps = state.shownGrid?.localErrors ?? []
    return [
      Curve(
        "density", "p(t)", .lane1,
        experiment.traits.followsPath
          ? times.map { ($0, experiment.timeDensity.density(at: $0)) } : []),
      Curve(
        "weight", "w(t)", .lane2,
        experiment.timeWeight == .uniform
          ? [] : times.map { ($0, experiment.timeWeight.weight(at: $0)) }),
      Curve(
        "excess", "excess", isCurrent ? .series : .hint,
        (excess?.points ?? []).map { ($0.t, $0.error * $0.error) }),
      Curve(
        "a step's error", "error", .lane4,
        steps.indices.map { ((Double($0) + 0.5) / Double(steps.count), steps[$0]) }),
    ]
  }
}
