import FlowMatching
import TerminalCanvas

/// α and σ over t, the shares of data and noise, with the present t.
struct SchedulePane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let t = state.pathTime
    let now = state.followedPath(at: t)
    func curve(_ value: (PathCoefficients) -> Double, _ role: Role) -> ChartSeries {
      let points = (0...60).map { step in
        let t = Double(step) / 60
        return ChartPoint(x: t, y: value(state.followedPath(at: t)))
      }
      return ChartSeries(points, role: role)
    }
    Chart(
      series: [curve({ $0.alpha }, .lane1), curve({ $0.sigma }, .lane2)], cursor: t,
      cursorRole: .accent, xRange: 0...1, yRange: 0...1
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "schedule",
        heading: rect.width >= 46 ? [theme.run("x = α x₁ + σ x₀", .label)] : [],
        labels: [
          theme.run("α ", .lane1, bold: true),
          theme.run(NumberFormat.fixed(now.alpha, 2), .value),
          theme.run("   σ ", .lane2, bold: true),
          theme.run(NumberFormat.fixed(now.sigma, 2), .value),
        ], isFocused: state.window.focusedPane == .schedule), theme: theme)
  }
}

/// How many times larger an error of the predicted noise, or of the predicted data, is as an error
/// of the velocity: D/α and D/σ with D = α̇σ − σ̇α.
struct AmplificationPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let t = state.pathTime
    func noise(_ t: Double) -> Double {
      let now = state.followedPath(at: t)
      return now.determinant / now.alpha
    }
    func data(_ t: Double) -> Double {
      let now = state.followedPath(at: t)
      return now.determinant / now.sigma
    }
    func curve(_ value: (Double) -> Double, _ role: Role) -> ChartSeries {
      // The ends are singular: the curves begin and end a hundredth inside.
      let points = (1...99).map { ChartPoint(x: Double($0) / 100, y: value(Double($0) / 100)) }
      return ChartSeries(points, role: role)
    }
    func number(_ value: Double) -> String {
      value < 1000 ? NumberFormat.significant(value, 2) : value.isFinite ? "≥1000" : "∞"
    }
    let isWide = rect.width >= 54
    Chart(
      series: [curve(noise, .lane2), curve(data, .lane1)], cursor: t, cursorRole: .accent,
      xRange: 0...1, yRange: 1...64, yScale: .logarithmic
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "amplification",
        labels: [
          theme.run(isWide ? "of noise D/α " : "noise ", .lane2, bold: true),
          theme.run(number(noise(t)), .value),
          theme.run(isWide ? "   of data D/σ " : "  data ", .lane1, bold: true),
          theme.run(number(data(t)), .value),
        ], isFocused: state.window.focusedPane == .amplification), theme: theme)
  }
}

/// The root mean square of |v − u*| over t, at the weights on show.
struct FieldErrorPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let t = state.pathTime
    let curve = state.shownErrorCurve
    let now = curve?.value(at: t)
    let prediction = state.followedExperiment.prediction
    let points = (curve?.points ?? []).map { ChartPoint(x: $0.t, y: $0.error) }
    let jumps = (curve?.points ?? []).compactMap { point in
      point.jump.map { ChartPoint(x: point.t, y: $0) }
    }
    let known = (points + jumps).map(\.y).filter(\.isFinite)
    let predicted = predictionError(state, points)
    let limits = TrainingAxis.limits(points + predicted, least: 0.02, greatest: 1)
    Chart(
      series: points.isEmpty
        ? []
        : [ChartSeries(points)]
          + (predicted.isEmpty ? [] : [ChartSeries(predicted, role: .lane2)])
          + (jumps.isEmpty ? [] : [ChartSeries(jumps, role: .lane2)]),
      markers: now.map { [ChartMarker(ChartPoint(x: $0.t, y: $0.error))] } ?? [], cursor: t,
      cursorRole: .accent, xRange: 0...1,
      yRange: predicted.isEmpty ? 0...max(0.1, (known.max() ?? 1) * 1.05) : limits,
      yScale: predicted.isEmpty ? .linear : .logarithmic
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "field error",
        heading: rect.width >= (prediction == .velocity ? 46 : 68)
          ? [theme.run(jumps.isEmpty ? "rms |v−u*| over t" : "rms over t, r", .label)] : [],
        labels: labels(now, prediction, isWide: rect.width >= 58),
        isFocused: state.window.focusedPane == .fieldError), theme: theme)
    if !state.knowsFollowedExact, rect.height >= 5 {
      let text =
        state.focusedLane.settings.guidance == nil
        ? state.experiment.kind.words.unknownField
        : "the exact field is that of all data, not of this lane's class"
      screen.write(
        [theme.run(text, .hint)], x: rect.x + 9, y: rect.y + rect.height / 2,
        clip: rect.inset(by: 1))
    }
  }

  /// The numbers at the present t, and what the curves are where there are two.
  private func labels(
    _ now: FieldErrorCurve.Point?, _ prediction: Prediction, isWide: Bool
  ) -> [Run] {
    if prediction != .velocity {
      // Both curves have a name in their colours.
      let name = prediction == .source ? "noise" : prediction.rawValue
      return [
        theme.run("of v", .series, bold: true), theme.run("   of the predicted ", .label),
        theme.run(name, .lane2, bold: true),
      ]
    }
    guard let now else { return [] }
    if let jump = now.jump {
      return [
        theme.run("v at t ", .series, bold: true),
        theme.run(NumberFormat.significant(now.error, 2), .value),
        theme.run("  jump to r ", .lane2, bold: true),
        theme.run(NumberFormat.significant(jump, 2), .value),
      ]
    }
    let share: [Run] =
      isWide && now.speed > 0
      ? [
        theme.run("   " + NumberFormat.fixed(100 * now.error / now.speed, 0) + " %", .value),
        theme.run(" of |u*|", .label),
      ] : []
    return [
      theme.run("now ", .label),
      theme.run(NumberFormat.significant(now.error), .value, bold: true),
    ] + share
  }

  /// The error of what the network predicts, where that is not the velocity: as much smaller as the
  /// path amplifies it.
  private func predictionError(_ state: AppState, _ points: [ChartPoint]) -> [ChartPoint] {
    let prediction = state.followedExperiment.prediction
    guard prediction != .velocity else { return [] }
    return points.map { point in
      let path = state.followedPath(at: prediction.clamped(point.x))
      return ChartPoint(x: point.x, y: point.y / prediction.amplification(path))
    }
  }
}
