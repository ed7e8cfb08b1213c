import FlowMatching
import TerminalCanvas

/// The share of true parameters within central intervals of the learned posterior against what it should be,
/// with the band that chance allows: below it the posterior is too narrow, above too wide.
struct CoveragePane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let study = state.shownCalibration
    let curves = study?.calibration.coverageCurves ?? []
    var series: [ChartSeries] = []
    if let count = study?.calibration.count, count > 0 {
      let levels = (1..<40).map { Double($0) / 40 }
      let bands = levels.map { ($0, Calibration.band(of: count, $0)) }
      series = [
        ChartSeries(
          bands.map { ChartPoint(x: $0.0, y: $0.1.lowerBound) }, kind: .dots, role: .floor,
          label: "by chance"),
        ChartSeries(
          bands.map { ChartPoint(x: $0.0, y: $0.1.upperBound) }, kind: .dots, role: .floor),
      ]
    }
    for (parameter, curve) in curves.enumerated().prefix(4) {
      series.append(
        ChartSeries(
          curve.map { ChartPoint(x: $0.level, y: $0.share) }, role: .lane(parameter),
          label: name(parameter, state)))
    }
    Chart(series: series, xRange: 0...1, yRange: 0...1).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "coverage",
        heading: rect.width >= 50
          ? [theme.run("of central intervals", .label)] : [],
        labels: study.map {
          [
            theme.run(count($0), .value),
            theme.run(
              (state.observing?.knowsExact == false ? " learned" : "") + " pairs, step "
                + NumberFormat.grouped($0.key.weightsStep), .label),
          ]
        } ?? [theme.run("measuring …", .hint)],
        isFocused: state.window.focusedPane == .coverage),
      theme: theme)
  }

  /// “200”, or “193 of 200” where draws left the numbers.
  private func count(_ study: CalibrationStudy) -> String {
    let count = study.calibration.count
    return count == CalibrationStudy.pairs || !study.isOver
      ? "\(count)" : "\(count) of \(CalibrationStudy.pairs)"
  }

  private func name(_ parameter: Int, _ state: AppState) -> String {
    let names = state.observing?.usual.columns
    return names.map { $0[parameter] } ?? "θ\(["₁", "₂", "₃", "₄"][parameter])"
  }
}
